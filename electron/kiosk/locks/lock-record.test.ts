/** A lock's own record, asked for by a person: who is allowed to read it, what comes out, and how it is worded for the page. */
import { describe, expect, it } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { actorHash } from '../journal/actor-hash.ts';
import type { RingEvent, RingEvents } from '../link/lock-driver.ts';
import { readWholeRing, recordView } from './lock-record.ts';

const event = (sequence: number, rest: Partial<RingEvent> = {}): RingEvent => ({
  sequence,
  at: 1_767_603_600_000 + sequence * 1000,
  kind: 'unlocked',
  actorHash: null,
  ...rest,
});
const { signal } = new AbortController();

describe('the record of a lock', () => {
  it('is read with its key, which is wiped afterwards', async () => {
    const bench = createKioskBench();
    bench.driver.hear(serial);
    bench.driver.onEvents = () => Promise.resolve(ok({ events: [event(1)], more: false }));
    expect(await bench.operations.ring(serial, signal)).toEqual(ok([event(1)]));
    expect(bench.driver.asked).toEqual([`events ${serial}`]);
    expect(bench.driver.lent?.privateKey.every((byte) => byte === 0)).toBe(true);
  });

  it('is not read of a lock of no one here, and the reason of any other is handed on', async () => {
    const bench = createKioskBench();
    bench.driver.hear(serial);
    bench.driver.hear('0000051a000000ff');
    expect(await bench.operations.ring('0000051a000000ff', signal)).toMatchObject({
      error: { code: 'lock.other_store' },
    });
    expect(bench.driver.asked).toEqual([]);
    bench.driver.onEvents = (serialNumber) => Promise.resolve(fail('lock.link_lost', { serialNumber }));
    expect(await bench.operations.ring(serial, signal)).toMatchObject({ error: { code: 'lock.link_lost' } });
  });
});

describe('what the page is told', () => {
  it('is newest first, with the names of those whom the kiosk knows', () => {
    const ada = { staffId: ids.ann, name: 'Ada' };
    const events = [
      event(1, { kind: 'provisioned' }),
      event(2, { actorHash: actorHash(ada.staffId) }),
      event(3, { kind: 'refused', actorHash: new Uint8Array(32), at: Number.MAX_SAFE_INTEGER }),
    ];
    expect(recordView(events, [ada])).toEqual([
      { sequence: 3, at: 8_640_000_000_000_000, kind: 'refused', actor: { kind: 'unknown' } },
      { sequence: 2, at: events[1]?.at, kind: 'unlocked', actor: { kind: 'staff', name: 'Ada' } },
      { sequence: 1, at: events[0]?.at, kind: 'provisioned', actor: { kind: 'nobody' } },
    ]);
  });
});

describe('a ring', () => {
  it('is read on from the last event until there is no more', async () => {
    const asked: number[] = [];
    const whole = await readWholeRing((after) => {
      asked.push(after);
      const events = [event(after + 1), event(after + 2)];
      return Promise.resolve(ok({ events, more: after < 4 }));
    });
    expect(asked).toEqual([0, 2, 4]);
    expect(whole.ok && whole.value.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('without an end is left after a while, with the newest kept', async () => {
    let last = 0;
    const part = (): RingEvents => ({ events: Array.from({ length: 100 }, () => event(++last)), more: true });
    const whole = await readWholeRing(() => Promise.resolve(ok(part())));
    expect(whole.ok && whole.value).toHaveLength(256);
    expect(whole.ok && whole.value.at(-1)?.sequence).toBe(800);
  });
});
