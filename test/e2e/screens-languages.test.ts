/**
 * Every screen and every state in every language, at the size of a small panel; and in two that nobody speaks, which are harder. Nothing is
 * said by the page that is not said on one of them.
 */
import { describe, expect } from 'vitest';
import { languages, type Language } from '#shared/models/language.ts';
import { withBrowser } from '#support/browser-test.ts';
import { buildPage } from '#support/built-page.ts';
import { startFakeCore } from '#support/fake-core.ts';
import { openPage } from '#support/open-page.ts';
import { pseudoLanguages, speakPseudoLanguages, withPseudoLanguages } from '#support/pseudo-languages.ts';
import { everyComponent, shownParts, withShownParts } from '#support/shown-parts.ts';
import { showUsual } from '#support/store-scene.ts';
import en from '../../renderer/i18n/en.json' with { type: 'json' };
import { layoutFaults } from './layout.ts';
import { speak } from './looks.ts';
import { keepPicture } from './pictures.ts';
import { screens } from './screens-list.ts';
import { states } from './states-list.ts';

/** What was drawn and said, on all of them. */
const shown = new Set<string>();

const it = withBrowser()
  .extend('built', { scope: 'file' }, async ({}, { onCleanup }) => {
    const built = await buildPage('renderer', [withPseudoLanguages, withShownParts]);
    onCleanup(() => built.dispose());
    return built;
  })
  /** Each is reached in English, whose words its way is written in, and looked at in the others. */
  .extend(
    'faultsOf',
    ({ browser, built }) =>
      async ({
        prepare,
        reach,
        name,
        states: further = {},
      }: (typeof states)[number]): Promise<readonly string[]> => {
        const core = await startFakeCore(built.folder);
        await showUsual(core);
        await prepare?.(core);
        const open = await openPage(browser, core);
        const { page, complaints } = open;
        const faults: string[] = [];
        const lookIn = async (spoken: readonly Language[], as: string): Promise<void> => {
          for (const language of spoken) {
            await speak(page, core, language);
            await keepPicture(page, `languages/${as}${language}`);
            faults.push(...(await layoutFaults(page)).map((fault) => `${as}${language}: ${fault}`));
          }
        };
        try {
          await page.setViewportSize({ width: 1024, height: 768 });
          await reach(page, core);
          const others = languages.filter((one) => one !== 'en');
          await lookIn(others, `${name}-`);
          for (const [state, show] of Object.entries(further)) {
            await speak(page, core, 'en');
            await show(page, core);
            await lookIn(others, `${name}-${state}-`);
          }
          for (const part of await shownParts(page)) shown.add(part);
          await speakPseudoLanguages(page);
          // The one that was spoken last is not another yet.
          await lookIn([pseudoLanguages.long, pseudoLanguages.fromTheRight], `${name}-pseudo-`);
          return [...faults, ...complaints, ...core.junk];
        } finally {
          await open.close();
          await core.dispose();
        }
      },
  );

// In a hook, whose time is its own: else it would be the first tests'.
it.beforeAll(({ built: _built }) => undefined);

describe('in each language, in longer words, and from the right', () => {
  // Without a connection no other language comes. Each has a core and a browser's context of its own, so they go side by side.
  it.concurrent.for([...screens, ...states].filter(({ name }) => name !== 'lost'))(
    '$name fits, and nothing is cut',
    async (screen, { faultsOf }) => {
      expect(await faultsOf(screen)).toEqual([]);
    },
  );
});

/** Words that no screen of these says, and why. */
const saidElsewhere: Readonly<Record<string, readonly string[]>> = {
  'the bar names what is worst, and none of these is': [
    'pill.radio.ready',
    'pill.certificates.valid',
    'pill.time.checked',
    'pill.lease.valid',
    'pill.vault.ready',
  ],
  'a lock that did not open says why': ['group.state.not_open'],
  'without a connection no other language comes: screens.test.ts looks at it': Object.keys(en).filter((key) =>
    key.startsWith('lost.'),
  ),
};

/** What an error says is held by error-words.test.ts: it fits where one does. */
const isOfError = (key: string): boolean => key.startsWith('error.') || key.startsWith('reason.');

it('every message and every part of the page is on one of them', () => {
  const excused = new Set(Object.values(saidElsewhere).flat());
  const missing = Object.keys(en).filter((key) => !isOfError(key) && !shown.has(key) && !excused.has(key));
  expect(missing, 'messages that no screen says').toEqual([]);
  expect(
    [...excused].filter((key) => shown.has(key)),
    'excused, and said',
  ).toEqual([]);
  expect(
    everyComponent().filter((part) => !shown.has(part)),
    'components that no screen draws',
  ).toEqual(['ui/LostOverlay.svelte']);
});
