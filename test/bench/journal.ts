/** Access events as a kiosk's journal chains them. */
import { createHash, randomUUID } from 'node:crypto';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import { serialNumber } from './temporary-data.ts';

export interface Journal {
  /** So many more events, onto those that were given before. */
  next(count: number): AccessEvent[];
}

export const createJournal = (kioskId: string): Journal => {
  let previousHash = firstPreviousHash;
  let sequence = 0;
  const nextOne = (): AccessEvent => {
    sequence += 1;
    const event: Omit<AccessEvent, 'hash'> = {
      eventId: randomUUID(),
      kioskId,
      sequence,
      at: 1_700_000_000_000 + sequence,
      kind: 'unlocked',
      staffId: kioskId,
      serialNumber: serialNumber(sequence),
      attemptId: randomUUID(),
      errorCode: null,
      offline: true,
      stageMs: { find: 0, connect: 180, authenticate: 120, actuate: 60 },
      previousHash,
    };
    previousHash = createHash('sha256').update(journalHashInput(event)).digest('hex');
    return { ...event, hash: previousHash };
  };
  return { next: (count) => Array.from({ length: count }, nextOne) };
};
