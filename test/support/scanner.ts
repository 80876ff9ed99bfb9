/** A scanner that types like a keyboard: over and done in one go, however busy this machine is. */
import type { Page } from 'playwright-core';
import { holdTime, letTimeGo } from './held-time.ts';

const usCodes: Readonly<Record<string, string>> = {
  '/': 'Slash',
  '-': 'Minus',
  '.': 'Period',
  ']': 'BracketRight',
};
const codeOf = (key: string): string => {
  if (/\d/.test(key)) return `Digit${key}`;
  return /[a-z]/i.test(key) ? `Key${key.toUpperCase()}` : (usCodes[key] ?? '');
};

/** Sends what a US scanner sends for `text` to whatever has the focus; without a suffix it ends by silence. */
export const scan = async (
  page: Page,
  text: string,
  suffix: 'Enter' | 'Tab' | null = 'Enter',
): Promise<void> => {
  const presses = Array.from(text, (key) => ({ key, code: codeOf(key), shiftKey: /[A-Z]/.test(key) }));
  if (suffix) presses.push({ key: suffix, code: suffix, shiftKey: false });
  await page.evaluate(`${holdTime};
    for (const press of ${JSON.stringify(presses)})
      for (const type of ['keydown', 'keyup'])
        document.activeElement.dispatchEvent(new KeyboardEvent(type, { ...press, bubbles: true, cancelable: true }));
    ${letTimeGo}`);
};
