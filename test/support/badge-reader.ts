/** A badge reader that types like a US keyboard, with key events as the browser gets them from one, without a pause. */
import type { CDPSession } from 'playwright-core';
import { holdTime, letTimeGo } from './held-time.ts';

/** What keys give on a computer of that layout, by what a US keyboard has on them; what is left out is the same. */
type Layout = Readonly<Record<string, string>>;
const rows = (us: string, theirs: string): Layout =>
  Object.fromEntries(Array.from(us, (key, at) => [key, theirs[at] ?? '']));

export const keyboardLayouts = {
  US: {},
  French: rows('0123456789aqzw', 'à&é"\'(-è_çqawz'),
  German: rows('yz', 'zy'),
} as const satisfies Record<string, Layout>;

/** `number`: digits and small letters. */
export const presentBadge = async (
  keyboard: CDPSession,
  number: string,
  layout: Layout = keyboardLayouts.US,
): Promise<void> => {
  const keys = Array.from(number, (one) => ({
    key: layout[one] ?? one,
    code: /\d/.test(one) ? `Digit${one}` : `Key${one.toUpperCase()}`,
  }));
  await keyboard.send('Runtime.evaluate', { expression: holdTime });
  const sent = [...keys, { key: 'Enter', code: 'Enter' }].flatMap(({ key, code }) => {
    const text = key === 'Enter' ? '\r' : key;
    return [
      keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, text }),
      keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code }),
    ];
  });
  await Promise.all(sent);
  await keyboard.send('Runtime.evaluate', { expression: letTimeGo });
};
