/** The built page, of which a test looks at the sheet that is open. */
import { kioskPageTest } from '#support/kiosk-page.ts';

/** As `kioskPageTest`; `button` is one of the sheet, and `says` waits until it says that. */
export const sheetPageTest = (show: Parameters<typeof kioskPageTest>[0]) =>
  kioskPageTest(show)
    .extend(
      'button',
      ({ sheet }) =>
        (name: string | RegExp) =>
          sheet.getByRole('button', { name }),
    )
    .extend(
      'says',
      ({ sheet }) =>
        (words: string | RegExp) =>
          sheet.getByText(words).waitFor(),
    );
