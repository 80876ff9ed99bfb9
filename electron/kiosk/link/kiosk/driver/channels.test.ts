import { describe, expect } from 'vitest';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { decodeInfo } from '../../wire/info.ts';
import { encodeInfo } from '../../lock/info.ts';

const it = lockTest
  /** One that has said of its frames no more than stands in its `info`. */
  .extend('lock', ({ lockBench: bench, identity, memory }) =>
    bench.makeLock(serialNumber, { identity, memory, provisioned: true, earlyStart: false }),
  )
  .extend('frames', () => ({ longest: 0 }))
  .extend('on', ({ lockBench: bench, lock, credentials, frames }) => {
    /** Says that it takes frames of that size, and measures those that come. */
    const saying = (frameSize: number, spoken: SimulatedLock = lock): LockPeripheral => ({
      ...lock,
      readInfo: () => encodeInfo({ ...decodeInfo(lock.readInfo()), frameSize }),
      connected: (notify) => {
        const connection = spoken.connected(notify);
        return {
          ...connection,
          receive: (frame) => {
            frames.longest = Math.max(frames.longest, frame.length);
            connection.receive(frame);
          },
        };
      },
    });
    const unlock = () =>
      bench.driver.unlock(
        serialNumber,
        credentials,
        { holdOpenSeconds: 5, actorHash: new Uint8Array(32) },
        { deadlineMs: 10_000 },
      );
    return { bench, lock, credentials, frames, saying, unlock };
  });

describe('the size of a frame', () => {
  it('is not taken from one who speaks in the name of a lock and cannot prove to be it', async ({ on }) => {
    const other = await on.bench.makeLock('0000051a00000006', { provisioned: true });
    on.bench.radio.add(on.saying(512, other));
    expect(await on.unlock()).toMatchObject({ error: { code: 'lock.not_genuine' } });
    on.bench.radio.add(on.saying(40));
    expect(await on.unlock()).toMatchObject({ ok: true });
    expect(on.frames.longest).toBe(40);
  });

  it('is asked for once of a lock that understands', async ({ on }) => {
    on.bench.radio.add(on.saying(40));
    expect(await on.unlock()).toMatchObject({ ok: true });
    on.bench.radio.add(on.saying(60));
    expect(await on.unlock()).toMatchObject({ ok: true });
    expect(on.frames.longest).toBe(40);
  });

  it('is asked for again when the lock has not answered', async ({ on }) => {
    on.bench.radio.add(on.saying(60));
    expect(await on.unlock()).toMatchObject({ ok: true });
    on.frames.longest = 0;
    on.bench.radio.add(on.saying(40));
    on.bench.radio.frameFault = (direction, index) =>
      direction === 'toLock' && index > 2 ? 'lose_before' : 'deliver';
    expect(await on.unlock()).toMatchObject({ ok: false });
    on.bench.radio.frameFault = () => 'deliver';
    on.frames.longest = 0;
    on.bench.radio.hear(on.lock);
    expect(await on.unlock()).toMatchObject({ ok: true });
    expect(on.frames.longest).toBe(40);
  });
});
