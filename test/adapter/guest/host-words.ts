/** What the checks, which have the rights of the kiosk's service, ask of the one who has those of root. */
import { z } from 'zod';

export const words = [
  'up',
  'down',
  'block',
  'unblock',
  'unplug',
  'plug',
  'links',
  'start bluetoothd',
] as const;
export type Word = (typeof words)[number];

export const question = z.object({ id: z.number(), word: z.enum(words) });
export const answer = z.object({
  id: z.number(),
  /** Handles, for `links`. */
  links: z.array(z.number()),
  error: z.string().nullable(),
});

let asked = 0;

/** Asks the parent process; rejects with what went wrong there. Answers the handles of the kernel's links. */
export const ask = (word: Word): Promise<readonly number[]> =>
  new Promise((resolve, reject) => {
    asked += 1;
    const id = asked;
    const heard = (message: unknown): void => {
      const said = answer.parse(message);
      if (said.id !== id) return;
      process.removeListener('message', heard);
      if (said.error === null) resolve(said.links);
      else reject(new Error(said.error));
    };
    process.on('message', heard);
    process.send?.({ id, word });
  });
