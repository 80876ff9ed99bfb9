import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { accessEventSchema } from '#shared/models/access-event.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import { FakeData } from '#support/fake-data.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createJournal } from './journal.ts';

const bench = (kioskId: string | null = ids.kiosk) => {
  const data = new FakeData();
  const clock = new ManualClock();
  const journal = createJournal({
    data,
    clock,
    machineClock: clock,
    random: seededRandom(5),
    logger: silentLogger,
    kioskId: () => kioskId,
    offline: () => true,
  });
  return { data, clock, journal };
};

describe('journal', () => {
  test('is a chain that anyone with the rule can check', async () => {
    const { data, journal } = bench();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        journal.record({
          kind: index % 2 ? 'signed_in' : 'unlocked',
          staffId: ids.ann,
          serialNumber: serial,
        }),
      ),
    );
    let previousHash = firstPreviousHash;
    data.events.forEach((event, index) => {
      accessEventSchema.parse(event);
      const { hash, ...unhashed } = event;
      expect(event.sequence).toBe(index + 1);
      expect(event.previousHash).toBe(previousHash);
      expect(createHash('sha256').update(journalHashInput(unhashed)).digest('hex')).toBe(hash);
      previousHash = hash;
    });
    expect(data.events).toHaveLength(20);
  });

  test('events that the disk refuses wait in order and are stored with the time they happened at', async () => {
    const { data, clock, journal } = bench();
    data.diskFull = true;
    const at = clock.now();
    expect(await journal.record({ kind: 'signed_in' })).toMatchObject({
      error: { code: 'storage.disk_full' },
    });
    await clock.advance(7_000);
    await journal.record({ kind: 'signed_out' });
    expect(journal.backlog).toBe(2);
    data.diskFull = false;
    await clock.advance(5_000);
    expect(journal.backlog).toBe(0);
    expect(data.events).toMatchObject([
      { kind: 'signed_in', at, sequence: 1 },
      { kind: 'signed_out', at: at + 7_000, sequence: 2 },
    ]);
  });

  test('a backlog that is full gives up the newest, says so in the chain, and keeps the chain whole', async () => {
    const { data, clock, journal } = bench();
    data.diskFull = true;
    for (let count = 0; count < 600; count += 1) {
      await journal.record({ kind: 'sign_in_refused', staffId: ids.ann });
    }
    expect(journal.backlog).toBe(500);
    data.diskFull = false;
    await clock.advance(5_000);
    expect(journal.backlog).toBe(0);
    const kinds = data.events.map(({ kind }) => kind);
    expect(kinds.slice(0, 499).every((kind) => kind === 'sign_in_refused')).toBe(true);
    expect(kinds.slice(499)).toEqual(['events_lost']);
    expect(data.events.at(-1)).toMatchObject({
      sequence: 500,
      errorCode: 'storage.disk_full',
      staffId: null,
    });
    await journal.record({ kind: 'signed_in' });
    expect(data.events.at(-1)).toMatchObject({ sequence: 501, previousHash: data.events.at(-2)?.hash });
  });

  test('what waits is tried once more at the end', async () => {
    const { data, journal } = bench();
    data.diskFull = true;
    await journal.record({ kind: 'signed_in' });
    data.diskFull = false;
    await journal.dispose();
    expect(data.events).toHaveLength(1);
  });

  test('what is forgotten is not stored once there is room', async () => {
    const { data, clock, journal } = bench();
    data.diskFull = true;
    await journal.record({ kind: 'unlocked', staffId: ids.ann, serialNumber: serial });
    data.diskFull = false;
    await journal.forget();
    await clock.advance(60_000);
    expect([journal.backlog, data.events]).toEqual([0, []]);
    await journal.record({ kind: 'signed_in' });
    expect(data.events).toMatchObject([{ kind: 'signed_in', sequence: 1 }]);
  });

  test('a kiosk that is not registered has no journal', async () => {
    const { data, journal } = bench(null);
    await journal.record({ kind: 'signed_in' });
    expect(data.events).toEqual([]);
  });
});
