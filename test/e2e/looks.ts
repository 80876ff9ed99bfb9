/** How a screen is looked at: in which colours, how large, and with letters of which size. */
import type { Page } from 'playwright-core';
import type { Language } from '#shared/models/language.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { setTextSize } from './layout.ts';

/** As on a small panel, two windows beside each other, and a large screen; the lowest that each has. */
export const sizes = [
  { width: 640, height: 480 },
  { width: 819, height: 614 },
  { width: 1024, height: 768 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
export type Size = (typeof sizes)[number];

/** Who has set the screen to contrast or has colours forced on it. */
export const looks = [
  { look: 'light', media: { colorScheme: 'light', forcedColors: 'none' }, theme: null },
  { look: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' }, theme: null },
  { look: 'contrast', media: { colorScheme: 'light', forcedColors: 'none' }, theme: 'contrast' },
  { look: 'forced', media: { colorScheme: 'dark', forcedColors: 'active' }, theme: null },
] as const;
export type Look = (typeof looks)[number];

/** In percent of what is usual: as it is, and for who needs letters twice as large. */
export const textSizes = [100, 200] as const;
export type TextSize = (typeof textSizes)[number];

export const showIn = async (page: Page, { media, theme }: Look): Promise<void> => {
  await page.emulateMedia(media);
  await page.evaluate(
    theme === null
      ? 'delete document.documentElement.dataset.theme'
      : `document.documentElement.dataset.theme = ${JSON.stringify(theme)}`,
  );
};

export interface Combination {
  readonly look: Look;
  readonly size: Size;
  readonly text: TextSize;
}

/** Every colour at every size with every size of letters. */
export const combinations: readonly Combination[] = looks.flatMap((look) =>
  textSizes.flatMap((text) => sizes.map((size) => ({ look, size, text }))),
);

export const combinationName = ({ look, size, text }: Combination): string =>
  `${look.look}-${size.width}-${text}`;

export const showAs = async (page: Page, { look, size, text }: Combination): Promise<void> => {
  await showIn(page, look);
  await setTextSize(page, text);
  await page.setViewportSize(size);
};

/** The page as it is shows the language; what was said before it came stays as it was said. */
export const speak = async (page: Page, core: FakeCore, language: Language): Promise<void> => {
  await core.alter('kiosk', { language });
  await page.locator(`html[lang=${language}]`).waitFor();
};
