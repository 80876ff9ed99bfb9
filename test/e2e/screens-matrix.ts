/**
 * Every screen in every colour, at every size, with every size of letters, and in every language in every colour: 52 looks of each, too many
 * for each run of the tests, which look at the corners of it. What a screen says at other times is looked at in fewer.
 * `npm run pictures -- --matrix`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { languages } from '#shared/models/language.ts';
import { launchBrowser } from '#support/browser.ts';
import { buildPage } from '#support/built-page.ts';
import { startFakeCore } from '#support/fake-core.ts';
import { openPage } from '#support/open-page.ts';
import { showUsual } from '#support/store-scene.ts';
import { layoutFaults } from './layout.ts';
import {
  combinationName,
  combinations,
  looks,
  showAs,
  sizes,
  speak,
  textSizes,
  type Combination,
  type Look,
} from './looks.ts';
import type { Screen } from './screens-common.ts';
import { screens } from './screens-list.ts';
import { states } from './states-list.ts';

/** In which a way to a state goes. */
const usual: Combination = { look: looks[0], size: sizes[3], text: textSizes[0] };

/** What a person looks at when all is well: the rest is looked at where something is found. */
const onSheet = new Set(['light-640-200', 'light-1280-100', 'dark-1280-100', 'forced-1280-100']);

interface Finding {
  readonly as: string;
  readonly what: string;
}

type Keep = (page: Page, name: string, as: Combination) => Promise<void>;

const everything = [...screens, ...states];

/** At every size where colours say nothing, and in each colour once. */
const looksOfState = combinations.filter(
  (as) => as.look.look === 'light' || onSheet.has(combinationName(as)),
);
/** Beside English, in which all ways to a screen are written: each in every colour at the size of a small panel. */
const others = languages.filter((one) => one !== 'en');
const panel = { size: sizes[2], text: textSizes[0] } as const;
/** How often a screen and all that it says at other times are looked at. */
const looksOf = ({ name, states: further = {} }: Screen): number =>
  combinations.length +
  Object.keys(further).length * looksOfState.length +
  (name === 'lost' ? 0 : (1 + Object.keys(further).length) * others.length * looks.length);

/** One screen in one look; reached anew for each, because what a screen shows goes on by itself. */
const lookAt = async (
  browser: Browser,
  built: string,
  screen: Screen,
  look: Look,
  keep: Keep,
): Promise<readonly Finding[]> => {
  const core = await startFakeCore(built);
  await showUsual(core);
  await screen.prepare?.(core);
  const open = await openPage(browser, core);
  const found: Finding[] = [];
  try {
    const lookOnce = async (as: Combination, name: string): Promise<void> => {
      const wrong = [...(await layoutFaults(open.page)), ...(await open.violations())];
      for (const what of wrong) found.push({ as: `${name} ${combinationName(as)}`, what });
      if (wrong.length > 0 || onSheet.has(combinationName(as))) await keep(open.page, name, as);
    };
    const lookIn = async (all: readonly Combination[], name: string): Promise<void> => {
      for (const as of all.filter((one) => one.look === look)) {
        await showAs(open.page, as);
        await lookOnce(as, name);
      }
      const as = { look, ...panel };
      await showAs(open.page, as);
      // Whose core is gone hears of no language any more.
      for (const language of screen.name === 'lost' ? [] : others) {
        await speak(open.page, core, language);
        await lookOnce(as, `${name}-${language}`);
      }
      await speak(open.page, core, 'en');
    };
    await screen.reach(open.page, core);
    await lookIn(combinations, screen.name);
    for (const [name, show] of Object.entries(screen.states ?? {})) {
      await showAs(open.page, usual);
      await show(open.page, core);
      await lookIn(looksOfState, `${screen.name}-${name}`);
    }
  } catch (thrown) {
    found.push({
      as: look.look,
      what: `not reached: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    });
  } finally {
    for (const what of open.complaints) found.push({ as: look.look, what });
    await open.close();
    await core.dispose();
  }
  return found;
};

/** One picture of all screens as they look in one combination. */
const contactSheet = async (browser: Browser, folder: string, as: string): Promise<void> => {
  const cells = everything.map(
    ({ name }) => `<figure><img src="${name}-${as}.png"><figcaption>${name}</figcaption></figure>`,
  );
  const style =
    'body{display:grid;grid-template-columns:repeat(6,1fr);gap:8px;font:12px sans-serif}img{width:100%}';
  const path = join(folder, `sheet-${as}.html`);
  await writeFile(path, `<!doctype html><style>${style}figure{margin:0}</style>${cells.join('')}`);
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`file://${path}`);
  await page.screenshot({ path: join(folder, `sheet-${as}.png`), fullPage: true });
  await page.close();
};

/**
 * Looks at all of it, leaves pictures and contact sheets in `folder`, and resolves with whether nothing was found. `only`: how the names
 * of the screens begin that are looked at; all of them without it.
 */
export const lookAtEverything = async (
  folder: string,
  only: string | undefined,
  say: (line: string) => void,
): Promise<boolean> => {
  await mkdir(folder, { recursive: true });
  const [browser, built] = await Promise.all([launchBrowser(), buildPage('renderer')]);
  const wanted = everything.filter(({ name }) => only === undefined || name.startsWith(only));
  const keep: Keep = async (page, name, as) => {
    await page.screenshot({ path: join(folder, `${name}-${combinationName(as)}.png`) });
  };
  let findings = 0;
  try {
    for (const screen of wanted) {
      const found: Finding[] = [];
      for (const look of looks) found.push(...(await lookAt(browser, built.folder, screen, look, keep)));
      findings += found.length;
      say(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${screen.name}`);
      for (const { as, what } of found) say(`     ${as}: ${what}`);
    }
    for (const as of onSheet) await contactSheet(browser, folder, as);
  } finally {
    await browser.close();
    await built.dispose();
  }
  say(
    `${wanted.length} screens, ${wanted.reduce((sum, one) => sum + looksOf(one), 0)} looks, ${findings} findings: ${folder}`,
  );
  return findings === 0;
};
