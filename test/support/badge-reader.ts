/** A badge reader that types like a US keyboard, with key events as the browser gets them from one, without a pause. */
import type { CDPSession } from 'playwright-core';

const us = '0123456789';
/** What the keys of the digits give on a French keyboard. */
export const french = 'à&é"\'(-è_ç';

/** `digits`: what the computer's layout has in their places. */
export const presentBadge = async (keyboard: CDPSession, number: string, digits = us): Promise<void> => {
  const keys = Array.from(number, (digit) => ({ key: digits[Number(digit)] ?? '', code: `Digit${digit}` }));
  const sent = [...keys, { key: 'Enter', code: 'Enter' }].flatMap(({ key, code }) => {
    const text = key === 'Enter' ? '\r' : key;
    return [
      keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, text }),
      keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code }),
    ];
  });
  await Promise.all(sent);
};
