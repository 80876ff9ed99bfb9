/** A kiosk's journal as a test writes it: events that are chained as `shared/models/access-event.ts` says. */
import { createHash, randomUUID } from 'node:crypto';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';

export interface JournalWriter {
  /** The next `count` events. */
  next(count: number): AccessEvent[];
  /** The next event, with these fields of its own. */
  one(rest: Partial<Omit<AccessEvent, 'sequence' | 'previousHash' | 'hash'>>): AccessEvent;
  /** The next one: that a lock was given back, for this order. Kiosks of older releases name none. */
  released(serialNumber: string, orderId?: string): AccessEvent;
}

/** `now`: what the kiosk's clock says, in ms. */
export const createJournalWriter = (
  { kioskId }: Pick<TestKiosk, 'kioskId'>,
  now = (): number => Date.now(),
): JournalWriter => {
  let sequence = 0;
  let previousHash = firstPreviousHash;
  const one: JournalWriter['one'] = (own) => {
    const rest: Omit<AccessEvent, 'hash'> = {
      eventId: randomUUID(),
      kioskId,
      sequence: ++sequence,
      at: now(),
      kind: 'unlocked',
      staffId: randomUUID(),
      serialNumber: someSerial(),
      attemptId: randomUUID(),
      errorCode: null,
      offline: true,
      stageMs: { find: 1, connect: 2, authenticate: 3, actuate: 4 },
      ...own,
      previousHash,
    };
    previousHash = createHash('sha256').update(journalHashInput(rest)).digest('hex');
    return { ...rest, hash: previousHash };
  };
  return {
    next: (count) => Array.from({ length: count }, () => one({})),
    one,
    released: (serialNumber, orderId) =>
      one({
        kind: 'lock_released',
        serialNumber,
        attemptId: null,
        offline: false,
        stageMs: {},
        ...(orderId === undefined ? {} : { orderId }),
      }),
  };
};
