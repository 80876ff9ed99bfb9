/** Whether access events follow each other as they were recorded: none missing, none changed. */
import { createHash } from 'node:crypto';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { journalHashInput } from '#shared/models/journal-hash.ts';

/** The sequence number of the first event that does not follow the one before it; null: all do. `before`: what they follow, if known. */
export const brokenAt = (
  events: readonly AccessEvent[],
  before: Pick<AccessEvent, 'sequence' | 'hash'> | null,
): number | null => {
  let last = before;
  for (const { hash, ...rest } of events) {
    const follows = last === null || (rest.sequence === last.sequence + 1 && rest.previousHash === last.hash);
    if (!follows || createHash('sha256').update(journalHashInput(rest)).digest('hex') !== hash)
      return rest.sequence;
    last = { sequence: rest.sequence, hash };
  }
  return null;
};
