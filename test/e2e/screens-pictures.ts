/** A picture of every screen for the documents, and of those in the staff guide in each language: `npm run pictures`. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { languages, type Language } from '#shared/models/language.ts';
import { launchBrowser } from '#support/browser.ts';
import { buildPage } from '#support/built-page.ts';
import { startFakeCore } from '#support/fake-core.ts';
import { openPage } from '#support/open-page.ts';
import { showUsual } from '#support/store-scene.ts';
import { screens } from './screens-list.ts';
import { rareScreens } from './states-list.ts';

/** Each has a picture; what they say at other times has one where it is looked for (`-- --matrix`). */
const pictured = [...screens, ...rareScreens];

/** What the staff guide shows. */
export const guideScreens = ['sign-in', 'counter', 'ask-reason', 'ask-who', 'lock-refused', 'pin'];

export const pictureOf = (screen: string, language: Language): string =>
  `${screen}${language === 'en' ? '' : `.${language}`}.png`;

/** Every picture that there is to be. */
export const pictureNames = (): string[] =>
  pictured.flatMap(({ name }) =>
    languages
      .filter((language) => language === 'en' || guideScreens.includes(name))
      .map((language) => pictureOf(name, language)),
  );

/** Takes all of them anew into `folder`, which keeps no other picture. Fails where a screen is not reached. */
export const takeScreens = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const stale = (await readdir(folder)).filter((name) => name.endsWith('.png'));
  await Promise.all(stale.map((name) => rm(join(folder, name))));
  const built = await buildPage('renderer');
  const browser = await launchBrowser();
  try {
    for (const { name, prepare, reach } of pictured) {
      const core = await startFakeCore(built.folder);
      await showUsual(core);
      await prepare?.(core);
      const open = await openPage(browser, core);
      try {
        await reach(open.page, core);
        for (const language of languages) {
          if (language !== 'en') {
            if (!guideScreens.includes(name)) continue;
            await core.alter('kiosk', { language });
            await open.page.locator(`html[lang=${language}]`).waitFor();
          }
          const path = join(folder, pictureOf(name, language));
          // With its animations: what tells where a sheet stands is one.
          await open.page.screenshot({ path });
        }
      } finally {
        await open.close();
        await core.dispose();
      }
    }
  } finally {
    await browser.close();
    await built.dispose();
  }
};
