/**
 * What each npm command takes, by the name of its script. Plain JavaScript, like run.mjs, which asks here before anything is installed: whoever
 * wants help, or has mistyped an option, waits for nothing and has nothing done.
 */
import { basename } from 'node:path';

/** `usage`: every option that there is stands in it, and no other is taken. Where it ends with the command, nothing is taken at all. */
export const commands = {
  start: {
    usage: `npm start                     the simulated store and the kiosk
npm start -- --fresh          forget everything of the last time first
npm start -- --set-up         leave the kiosk unregistered: this terminal and the air panel show the code to type
npm start -- --rights         people with roles, and rules for who may open what, with whom, when and why
npm start -- --data FOLDER    keep the data there instead of in .data/store
npm start -- --port N         port of the kiosk's page (4300); the air panel takes the next one
npm start -- --no-open        print the address, open nothing
npm start -- --help           print this`,
    does: 'A whole store in software, until Ctrl+C.',
  },
  test: {
    usage: 'npm test [-- check|unit|contract|integration|e2e …]',
    does: 'Everything that is tested, or the named kinds of it.',
  },
  check: { usage: 'npm run check', does: 'Types, lint, format, layers, unused code, commit messages.' },
  smoke: {
    usage: 'npm run smoke [-- --json FILE]',
    does: 'The whole story without a screen, each step with its time.',
  },
  conformance: {
    usage: 'npm run conformance -- --driver PATH [--json FILE]',
    does: 'Whether a lock driver keeps its promises (docs/driver.md).',
  },
  bench: {
    usage: 'npm run bench [-- NAME …] [--json FILE] [--kiosks N] [--within SECONDS]',
    does: 'Every figure beside its goal.',
  },
  fuzz: {
    usage: 'npm run fuzz [-- --seconds N] [--seed S]',
    does: 'Broken bytes into every reader of the link.',
  },
  'test-crash': {
    usage: 'npm run test:crash [-- --cycles N] [--seed S]',
    does: 'Kiosks, backend and PostgreSQL killed under load; Ctrl+C ends it early and checks.',
  },
  'test-failover': {
    usage: 'npm run test:failover [-- --kiosks N] [--case NAME …]',
    does: 'Two instances before two PostgreSQL under Patroni, which fail.',
  },
  'test-restore': {
    usage: 'npm run test:restore [-- --kiosks N]',
    does: 'PostgreSQL lost under load and restored to a moment.',
  },
  'test-rights': {
    usage: 'npm run test:rights [-- --seeds N] [--seed S]',
    does: 'Who may open what, decided by kiosk and backend and a plain reference.',
  },
  'test-model': {
    usage: 'npm run test:model [-- --seeds N] [--seed S]',
    does: 'Kiosks, backend and locks against a reference model.',
  },
  'test-faults': {
    usage: 'npm run test:faults [-- --runs N] [--seed S]',
    does: 'The link under a failing air.',
  },
  'test-systemd': {
    usage: 'npm run test:systemd',
    does: 'The Debian package under a systemd that runs, in a container. Wants root.',
  },
  'test-controllers': {
    usage: 'npm run test:controllers',
    does: "The radio over BlueZ's virtual controllers.",
  },
  'test-adapter': {
    usage: 'npm run test:adapter',
    does: 'The radio on the adapter of a real Linux kernel, in QEMU.',
  },
  'test-electron': {
    usage: 'npm run test:electron [-- --zip FILE]',
    does: 'The built kiosk in a real Electron, where there is one.',
  },
  'test-machine': {
    usage: 'npm run test:machine [-- --cycles N] [--seed S]',
    does: 'The Debian package on a Debian of its own in QEMU; with --cycles the plug is pulled so often.',
  },
  build: { usage: 'npm run build', does: 'Builds every part into dist/.' },
  package: {
    usage: `npm run package -- --platform linux [--format deb] [--output DIR]
npm run package -- --platform win32 [--format nsis,msi] [--output DIR] [--sign PROGRAM --signed-by CHAIN.pem]`,
    does: 'Builds, packs, makes the packages (all of the platform, where none is named) and opens each again.',
  },
  'publish-update': {
    usage: `npm run publish-update -- keys --to DIR
npm run publish-update -- sign --key FILE --version V --from V --to DIR --package linux-x64=FILE [--package …]
    [--ring pilot=100] [--ring early=PER-CENT] [--ring all=PER-CENT] [--store ID …] [--days 14] [--issued TIME]
    [--words en=TEXT …] [--urgent]`,
    does: 'A key pair for the update channel; a signed manifest, and the packages that it names (docs/updates.md).',
  },
  pack: { usage: 'npm run pack', does: 'Builds, and packs a folder for this system into dist/package.' },
  'keep-data-fixture': {
    usage: 'npm run keep-data-fixture',
    does: "Keeps a kiosk's data file of this release for the suite; once per release.",
  },
  format: {
    usage: 'npm run format [-- FILE …]',
    does: 'Lets Prettier write: everything, or the named files.',
  },
  'first-lock': { usage: 'npm run first-lock', does: 'Runs docs/first-lock.md as it stands, with a clock.' },
  prove: {
    usage: 'npm run prove -- --with electron|dongle|lock|api|tpm|windows|macos',
    does: 'What only somebody with that part can see (docs/proven.md).',
  },
  pictures: {
    usage: 'npm run pictures [-- --matrix [SCREEN]]',
    does: "Takes the documents' pictures; with --matrix looks at every screen in all colours and sizes.",
  },
  'verify-journal': {
    usage: 'npm run verify-journal -- FILE [--fingerprint HEX]',
    does: 'Checks a signed journal by itself: 0 whole, 1 broken, 2 not to be read as one.',
  },
  'audit-desktop': {
    usage: 'npm run audit:desktop [-- --json FILE]',
    does: "Electron's security checklist and fuses, each with the check that ran and what it saw.",
  },
  'errors-doc': { usage: 'npm run docs', does: 'Writes docs/errors.md from the table of errors.' },
};

/** Of arguments that a command does not take; also of those that its script finds wrong. */
export const usageExitCode = 2;

const isHelp = (argument) => argument === '--help' || argument === '-h';

/** How a problem with the arguments of a command is told. */
export const inUsage = (name, problem) => `${problem}\n\n${commands[name].usage}`;

/** What is to be said instead of running a command, and how it ends then; null where it takes these arguments as far as can be seen here. */
export const answerTo = (script, given) => {
  const name = basename(script, '.ts');
  if (!Object.hasOwn(commands, name)) return null;
  const { usage, does } = commands[name];
  if (given.some(isHelp)) return { text: `${usage}\n\n${does}`, exitCode: 0 };
  const known = new Set(usage.match(/--[a-z][a-z-]*/g));
  const end = given.indexOf('--');
  const options = (end < 0 ? given : given.slice(0, end)).filter((one) => /^-./.test(one));
  const unknown = options.find((one) => !known.has(one.split('=')[0]));
  if (unknown !== undefined)
    return { text: inUsage(name, `There is no option ${unknown.split('=')[0]}.`), exitCode: usageExitCode };
  if (!/-- /.test(usage) && given.length > 0)
    return { text: inUsage(name, `This takes no arguments: ${given.join(' ')}`), exitCode: usageExitCode };
  return null;
};
