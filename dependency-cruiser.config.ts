import type { IConfiguration, IRegularForbiddenRuleType } from 'dependency-cruiser';

/**
 * Who may import whom. This table is the authority; docs/architecture.md explains it and
 * test/contract/layers.test.ts proves that each row bites.
 */
const kiosk = '^electron/kiosk/';
const testFile = '\\.test\\.ts$';
const library = (names: string): string => `(^|/)node_modules/(${names})(/|$)`;

const rule = (
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType & { readonly name: string } => ({ name, comment, severity: 'error', from, to });

export const options = {
  doNotFollow: { path: 'node_modules' },
  exclude: { path: ['^dist/', '^\\.data/', '\\.svelte\\?'] },
  tsPreCompilationDeps: true,
  tsConfig: { fileName: 'tsconfig.json' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['svelte', 'import', 'node', 'default', 'types'],
    extensions: ['.ts', '.svelte.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts', '.svelte'],
  },
} satisfies IConfiguration['options'];

export const forbidden = [
  rule('no-circular', 'A cycle has no bottom to start reading from.', {}, { circular: true }),
  rule('not-resolvable', 'Every import exists.', {}, { couldNotResolve: true }),
  rule(
    'shared-alone',
    'shared is what both sides of a wire agree on: zod, Temporal and itself.',
    { path: '^shared/', pathNot: testFile },
    { pathNot: ['^shared/', library('zod|temporal-polyfill')] },
  ),
  rule(
    'temporal-in-rights',
    'One owner each: what is reckoned with time zones and calendars belongs to rights.',
    { path: '^(electron|shared|backend|renderer)/', pathNot: [testFile, '^shared/rights/'] },
    { path: library('temporal-polyfill') },
  ),
  rule(
    'workbooks-in-lists',
    'One owner each: workbooks are read and written in lists, and written at the kiosk.',
    {
      path: '^(electron|shared|backend|renderer)/',
      pathNot: '^(backend|electron/kiosk)/lists/workbook\\.ts$',
    },
    { path: library('hucre') },
  ),
  rule(
    'preload-small',
    'The preload script knows channel names and Electron, nothing else.',
    { path: '^electron/desktop/preload', pathNot: testFile },
    {
      pathNot: [
        '^shared/ipc/',
        '^shared/errors/',
        '^electron/desktop/',
        'node_modules/electron(/|$)',
        '^electron$',
      ],
    },
  ),
  rule(
    'renderer-in-its-sandbox',
    'The page reaches the core through the IPC contract only.',
    { path: '^renderer/', pathNot: testFile },
    { path: ['^electron/', '^backend/', '^build/', '^test/', library('electron|rxdb|@abandonware')] },
  ),
  rule(
    'renderer-no-node',
    'The page is sandboxed: it has no Node.',
    { path: '^renderer/', pathNot: testFile },
    { dependencyTypes: ['core'] },
  ),
  rule(
    'kiosk-knows-no-electron',
    'The kiosk runs, and is tested, without Electron; every side effect is a port.',
    { path: kiosk },
    {
      path: [
        '^electron$',
        library('electron|electron-log|electron-updater'),
        '^electron/(desktop|browser-host)/',
      ],
    },
  ),
  rule(
    'kiosk-imports',
    'The kiosk imports shared and its own folders.',
    { path: kiosk, pathNot: testFile },
    { path: ['^backend/', '^renderer/', '^build/', '^test/'] },
  ),
  rule(
    'rxdb-in-data',
    'One owner each: rxdb belongs to data.',
    { path: '^(electron|shared|backend|renderer)/', pathNot: '^electron/kiosk/data/' },
    { path: library('rxdb') },
  ),
  rule(
    'noble-in-radio',
    'One owner each: noble belongs to the radio.',
    { path: '^(electron|shared|backend|renderer)/', pathNot: '^electron/kiosk/radio/' },
    { path: library('@abandonware') },
  ),
  rule(
    'crypto-in-its-folders',
    'Cryptography is done where a reviewer looks for it.',
    {
      path: kiosk,
      pathNot: [
        testFile,
        '^electron/kiosk/(link|vault|staff|journal)/',
        '^electron/kiosk/platform/random\\.ts$',
        '^electron/kiosk/updates/proof\\.ts$',
      ],
    },
    { path: '^(node:)?crypto$' },
  ),
  rule(
    'visit-below',
    'A visit to a lock knows nothing of what is wanted there.',
    { path: '^electron/kiosk/visit/', pathNot: testFile },
    { path: '^electron/kiosk/(locks|enrolment|staff|views)/' },
  ),
  rule(
    'platform-bottom',
    'The platform is what everything of the kiosk stands on.',
    { path: '^electron/kiosk/platform/', pathNot: testFile },
    { path: kiosk, pathNot: '^electron/kiosk/platform/' },
  ),
  rule(
    'radio-below',
    'The radio knows GATT and no locks: what is said over it is above.',
    { path: '^electron/kiosk/radio/', pathNot: testFile },
    { path: kiosk, pathNot: '^electron/kiosk/(radio|platform)/' },
  ),
  rule(
    'link-wire-both-ends',
    'The wire is what both ends of the link have in common, and knows neither.',
    { path: '^electron/kiosk/link/wire/', pathNot: testFile },
    { path: kiosk, pathNot: '^electron/kiosk/(link/wire|platform)/' },
  ),
  rule(
    'link-kiosk-end',
    "The kiosk's end of the link stands on the wire and the radio.",
    { path: '^electron/kiosk/link/kiosk/', pathNot: testFile },
    {
      path: kiosk,
      pathNot: '^electron/kiosk/(link/(wire/|kiosk/|lock-driver\\.ts$)|radio/|platform/)',
    },
  ),
  rule(
    'link-lock-end',
    "The lock's end of the link stands on the wire.",
    { path: '^electron/kiosk/link/lock/', pathNot: testFile },
    { path: kiosk, pathNot: '^electron/kiosk/(link/(wire|lock)/|radio/gatt-profile\\.ts$|platform/)' },
  ),
  rule(
    'lock-end-outside',
    "The lock's end of the link is for locks, simulated or real: the product does not carry it.",
    { path: '^(electron|shared|backend|renderer)/', pathNot: [testFile, '^electron/kiosk/link/lock/'] },
    { path: '^electron/kiosk/link/lock/' },
  ),
  rule(
    'composed-once',
    'What puts the parts together is used by the composition root alone: no part reaches for another through it.',
    {
      path: '^(electron|backend|renderer|test|build)/',
      pathNot: '^electron/kiosk/(compose\\.ts|composition/)',
    },
    { path: '^electron/kiosk/composition/' },
  ),
  rule(
    'hosts-imports',
    'A host imports the kiosk and shared, never the other host, the backend or the page.',
    { path: '^electron/(desktop|browser-host)/', pathNot: testFile },
    { path: ['^backend/', '^renderer/', '^build/', '^test/'] },
  ),
  rule(
    'hosts-apart',
    'The desktop host and the browser host do not lean on each other.',
    { path: '^electron/(desktop|browser-host)/', pathNot: testFile },
    { path: '^electron/(desktop|browser-host)/', pathNot: '^electron/$1/' },
  ),
  rule(
    'only-desktop-electron',
    'Only the desktop host imports electron.',
    { path: '^(electron/browser-host|backend|shared|renderer)/' },
    { path: ['^electron$', library('electron')] },
  ),
  rule(
    'backend-alone',
    'The backend shares contracts with the kiosk, not code.',
    { path: '^backend/', pathNot: testFile },
    { path: ['^electron/', '^renderer/', '^build/', '^test/'] },
  ),
  rule(
    'simulators-imports',
    "The simulators share contracts and the link's wire format with the product and have the lock's end, and no more.",
    { path: '^test/simulators/', pathNot: [testFile, '^test/simulators/panel/page/'] },
    {
      path: ['^electron/', '^backend/', '^renderer/'],
      pathNot: [
        '^electron/kiosk/link/(wire|lock)/',
        '^electron/kiosk/radio/gatt-profile\\.ts$',
        '^electron/kiosk/platform/',
      ],
    },
  ),
];

export default { forbidden, options } satisfies IConfiguration;
