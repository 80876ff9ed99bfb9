/** The documents' pictures are screenshots of the end-to-end tests: `npm run pictures` takes them anew. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Writes NAME.png into the folder that LATCHPOINT_PICTURES names; does nothing without it. */
export const keepPicture = async (
  page: Page,
  name: string,
  { fullPage = false }: { readonly fullPage?: boolean } = {},
): Promise<void> => {
  const folder = process.env.LATCHPOINT_PICTURES;
  if (folder === undefined) return;
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', fullPage });
};
