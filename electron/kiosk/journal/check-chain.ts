/** Works out anew whether each event follows from the one before it. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { JournalCheck } from '#shared/ipc/activity.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { KioskData } from '../data/port.ts';

/** A few ms of hashing: the kiosk goes on in between. */
const piece = 100;

const hashOf = ({ hash: _hash, ...rest }: AccessEvent): string =>
  createHash('sha256').update(journalHashInput(rest)).digest('hex');

export interface ChainCheck {
  /** Of all that is here. What was found in order before is not worked out again. */
  check(signal: AbortSignal): Promise<JournalCheck>;
}

type Source = Pick<KioskData, 'journalSequence' | 'journalOldest' | 'accessEventsBetween'>;

export const createChainCheck = (source: Source): ChainCheck => {
  /** The newest event up to which all was in order, and its hash. */
  let sound = { sequence: 0, hash: firstPreviousHash };

  return {
    check: async (signal) => {
      const { journalOldest: oldest, journalSequence: newest } = source;
      const [first] = await source.accessEventsBetween(oldest, oldest + 1);
      if (!first) return { events: 0, since: null, brokenAt: null };
      const found = { events: newest - oldest + 1, since: first.at };
      // A journal that began again, or whose beginning is past what was looked at.
      if (sound.sequence > newest || sound.sequence < oldest - 1) {
        sound = { sequence: oldest - 1, hash: first.previousHash };
      }
      while (sound.sequence < newest && !signal.aborted) {
        const from = sound.sequence + 1;
        const events = await source.accessEventsBetween(from, Math.min(newest, from + piece - 1) + 1);
        if (events.length === 0) return { ...found, brokenAt: from };
        for (const event of events) {
          const follows = event.sequence === sound.sequence + 1 && event.previousHash === sound.hash;
          if (!follows || hashOf(event) !== event.hash) return { ...found, brokenAt: event.sequence };
          sound = { sequence: event.sequence, hash: event.hash };
        }
        await setImmediate();
      }
      return { ...found, brokenAt: null };
    },
  };
};
