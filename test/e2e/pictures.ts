/** The documents' pictures are screenshots of the end-to-end tests: `npm run pictures` takes them anew. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** Writes `docs/images/NAME.png` when asked to by LATCHPOINT_PICTURES=1; else does nothing. */
export const keepPicture = async (page: Page, name: string): Promise<void> => {
  if (process.env.LATCHPOINT_PICTURES !== '1') return;
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
};
