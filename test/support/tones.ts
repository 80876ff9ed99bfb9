/** The tones that a page plays, note by note. */
import type { Page } from 'playwright-core';
import { z } from 'zod';

/** From now on; answers with the frequencies, in Hz, of all notes that were begun since. */
export const listenToTones = async (page: Page): Promise<() => Promise<readonly number[]>> => {
  await page.evaluate(`(() => {
    const Played = OscillatorNode;
    window.notes = [];
    window.OscillatorNode = class extends Played {
      constructor(context, options) {
        super(context, options);
        window.notes.push(options.frequency);
      }
    };
  })()`);
  return async () => z.array(z.number()).parse(await page.evaluate('window.notes'));
};
