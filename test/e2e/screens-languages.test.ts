/** Every screen in every language, at the size of a small panel; and in two that nobody speaks, which are harder. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languages, type Language } from '#shared/models/language.ts';
import { launchBrowser } from '#support/browser.ts';
import { buildPage, type BuiltPage } from '#support/built-page.ts';
import { startFakeCore, type FakeCore } from '#support/fake-core.ts';
import { openPage } from '#support/open-page.ts';
import { pseudoLanguages, withPseudoLanguages } from '#support/pseudo-languages.ts';
import { showUsual } from '#support/store-scene.ts';
import { layoutFaults } from './layout.ts';
import { keepPicture } from './pictures.ts';
import { screens } from './screens-list.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** The page as it is shows the language; what was said before it came stays as it was said. */
const speak = async (page: Page, core: FakeCore, language: Language): Promise<void> => {
  await core.alter('kiosk', { language });
  await page.locator(`html[lang=${language}]`).waitFor();
};

/** The screen is reached in English, whose words its way is written in, and looked at in the others. */
const faultsIn = async (
  built: BuiltPage,
  { prepare, reach, name }: (typeof screens)[number],
  spoken: readonly Language[],
  as: string,
): Promise<readonly string[]> => {
  const core = await startFakeCore(built.folder);
  await showUsual(core);
  await prepare?.(core);
  const open = await openPage(browser, core);
  const { page, complaints } = open;
  try {
    await reach(page, core);
    await page.setViewportSize({ width: 1024, height: 768 });
    const faults: string[] = [];
    for (const language of spoken) {
      await speak(page, core, language);
      await keepPicture(page, `languages/${name}-${as}${language}`);
      faults.push(...(await layoutFaults(page)).map((fault) => `${language}: ${fault}`));
    }
    return [...faults, ...complaints, ...core.junk];
  } finally {
    await open.close();
    await core.dispose();
  }
};

describe.each([
  { what: 'each language', spoken: languages.filter((one) => one !== 'en'), plugins: [], as: '' },
  {
    what: 'longer words and from the right',
    spoken: Object.values(pseudoLanguages),
    plugins: [withPseudoLanguages],
    as: 'pseudo-',
  },
])('in $what', ({ spoken, plugins, as }) => {
  let built: BuiltPage;
  beforeAll(async () => {
    built = await buildPage('renderer', plugins);
  });
  afterAll(() => built.dispose());

  // Without a connection no other language comes. Each has a core and a browser's context of its own, so they go side by side.
  it.concurrent.each(screens.filter(({ name }) => name !== 'lost'))(
    '$name fits, and nothing is cut',
    async (screen) => {
      expect(await faultsIn(built, screen, spoken, as)).toEqual([]);
    },
  );
});
