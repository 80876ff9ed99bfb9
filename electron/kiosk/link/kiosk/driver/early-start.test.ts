/** A lock that offers an early start is written to as the link opens, from its second opening on; and what becomes of the rest. */
import { describe, expect } from 'vitest';
import type { FrameFault } from '#support/fake-link.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { systemRandom } from '../../../platform/random.ts';
import type { LockDriver } from '../../lock-driver.ts';
import { createOpenDriver, type OpenDriverPorts } from '../open-driver.ts';

type Memory = NonNullable<OpenDriverPorts['earlyStarts']>;
interface Kept {
  owner: string | null;
  text: string | null;
}

const memoryOf = (kept: Kept): Memory => ({
  owner: () => kept.owner,
  read: () => Promise.resolve(kept.text),
  write: (text) => {
    kept.text = text;
  },
});

const limits = { deadlineMs: 10_000 };

const it = lockTest
  .extend('kept', (): Kept => ({ owner: 'kiosk', text: null }))
  .extend('benchOptions', ({ kept }) => ({ earlyStarts: memoryOf(kept) }))
  .extend('on', ({ lockBench: bench, lock, credentials }) => {
    const unlock = (driver: LockDriver = bench.driver) => {
      bench.radio.hear(lock);
      return driver.unlock(
        serialNumber,
        credentials,
        { holdOpenSeconds: 1, actorHash: new Uint8Array(32) },
        limits,
      );
    };
    /** What is done to the frames of the link that began early first. */
    const atEarlyStart = (fault: FrameFault): void => {
      bench.radio.frameFault = (direction, index) =>
        bench.radio.earlyStarts === 1 && bench.radio.openLinks === 1 && bench.radio.connections === 2
          ? fault(direction, index)
          : 'deliver';
    };
    const restarted = (earlyStarts: Memory): LockDriver =>
      createOpenDriver({
        radio: bench.radio,
        clock: bench.clock,
        random: systemRandom,
        logger: bench.logger,
        vendorRoot: () => bench.vendor.root,
        earlyStarts,
      });
    return { bench, unlock, restarted, atEarlyStart, radio: bench.radio };
  });

const opened = { ok: true };

describe('a lock that offers an early start', () => {
  it('is begun with early from its second opening on', async ({ on }) => {
    expect(await on.unlock()).toMatchObject(opened);
    expect(on.radio.earlyStarts).toBe(0);
    expect(await on.unlock()).toMatchObject(opened);
    expect(await on.unlock()).toMatchObject(opened);
    expect(on.radio).toMatchObject({ connections: 3, earlyStarts: 2 });
  });

  it('is begun with early for a command that is prepared, and for one only', async ({ on, lock }) => {
    expect(await on.unlock()).toMatchObject(opened);
    on.radio.hear(lock);
    const prepared = await on.bench.driver.prepare?.(serialNumber, lock.deviceCertificate, limits);
    expect(prepared).toMatchObject(opened);
    expect(await on.unlock()).toMatchObject(opened);
    expect(on.radio).toMatchObject({ connections: 2, earlyStarts: 1 });
  });

  it('is still known where what was prepared is given up before it could answer', async ({
    on,
    lock,
    kept,
  }) => {
    expect(await on.unlock()).toMatchObject(opened);
    const { text } = kept;
    on.atEarlyStart((direction) => (direction === 'toKiosk' ? 'vanish' : 'deliver'));
    const later = on.restarted(memoryOf(kept));
    on.radio.hear(lock);
    const preparing = later.prepare?.(serialNumber, lock.deviceCertificate, limits);
    await on.bench.settle();
    await later.dispose();
    expect(await preparing).toMatchObject({ error: { code: 'lock.cancelled' } });
    expect([on.radio.earlyStarts, kept.text]).toEqual([1, text]);
  });

  it('is not begun with early where it is only to blink', async ({ on, lock }) => {
    expect(await on.unlock()).toMatchObject(opened);
    on.radio.hear(lock);
    await on.bench.driver.identify(serialNumber, null, limits);
    expect(on.radio).toMatchObject({ connections: 2, earlyStarts: 0 });
  });

  it.for(['vanish', 'lose_before'] as const)(
    'and then does not take it (%s) is opened otherwise, in the same operation',
    async (fate, { on }) => {
      expect(await on.unlock()).toMatchObject(opened);
      on.atEarlyStart((direction) => (direction === 'toLock' ? fate : 'deliver'));
      const unlocking = on.unlock();
      await on.bench.settle();
      await on.bench.clock.advance(1_500);
      expect(await unlocking).toMatchObject(opened);
      expect(on.radio).toMatchObject({ connections: 3, earlyStarts: 1 });
    },
  );

  it('and then takes something else is opened otherwise the next time', async ({ on }) => {
    expect(await on.unlock()).toMatchObject(opened);
    on.atEarlyStart((direction) => (direction === 'toLock' ? 'flip' : 'deliver'));
    expect(await on.unlock()).toMatchObject({ error: { code: 'lock.protocol' } });
    expect(await on.unlock()).toMatchObject(opened);
    expect(on.radio.earlyStarts).toBe(1);
  });

  it('is begun with early also after it has refused what it was asked', async ({ on, lock }) => {
    expect(await on.unlock()).toMatchObject(opened);
    lock.setJammed(true);
    expect(await on.unlock()).toMatchObject({ error: { code: 'lock.refused' } });
    lock.setJammed(false);
    expect(await on.unlock()).toMatchObject(opened);
    expect(on.radio).toMatchObject({ connections: 3, earlyStarts: 2 });
  });

  it('is known after the kiosk is started anew', async ({ on, kept }) => {
    expect(await on.unlock()).toMatchObject(opened);
    const later = on.restarted(memoryOf(kept));
    expect(await on.unlock(later)).toMatchObject(opened);
    expect(on.radio.earlyStarts).toBe(1);
    await later.dispose();
  });
});

describe('a lock is not begun with early', () => {
  it('at another address than the one where it said so', async ({ on, lock, kept }) => {
    expect(await on.unlock()).toMatchObject(opened);
    kept.text = kept.text?.replace(lock.address, 'c6:00:00:00:00:99') ?? null;
    const later = on.restarted(memoryOf(kept));
    expect(await on.unlock(later)).toMatchObject(opened);
    expect(on.radio.earlyStarts).toBe(0);
    await later.dispose();
  });

  it.for(['', '{', '{"layouts":[],"locks":[["0000051a00000005","c6:1a:00:00:00:05",0,244]]}'])(
    'after what was kept can no longer be read: %s',
    async (text, { on }) => {
      const later = on.restarted(memoryOf({ owner: 'kiosk', text }));
      expect(await on.unlock(later)).toMatchObject(opened);
      expect(on.radio.earlyStarts).toBe(0);
      await later.dispose();
    },
  );

  it('that was learnt for another owner', async ({ on, kept }) => {
    expect(await on.unlock()).toMatchObject(opened);
    kept.owner = 'another';
    expect(await on.unlock()).toMatchObject(opened);
    expect(on.radio.earlyStarts).toBe(0);
  });
});

describe('a lock that offers none', () => {
  const old = it.extend('lock', ({ lockBench: bench, identity, memory }) =>
    bench.makeLock(serialNumber, { identity, memory, provisioned: true, earlyStart: false }),
  );

  old('is opened as ever, each time', async ({ on }) => {
    expect(await on.unlock()).toMatchObject(opened);
    expect(await on.unlock()).toMatchObject(opened);
    expect(on.radio).toMatchObject({ connections: 2, earlyStarts: 0 });
  });
});
