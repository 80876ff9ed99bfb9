import { beforeEach, describe, expect, it } from 'vitest';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { decodeInfo } from '../../wire/info.ts';
import { encodeInfo } from '../../lock/info.ts';
import type { LockCredentials } from '../../lock-driver.ts';

let bench: LockBench;
let lock: SimulatedLock;
let credentials: LockCredentials;
let longest: number;

useLockOnBench((on) => ({ bench, lock, credentials } = on));
beforeEach(() => {
  longest = 0;
});

/** Says that it takes frames of that size, and measures those that come. */
const saying = (frameSize: number, spoken: SimulatedLock = lock): LockPeripheral => ({
  ...lock,
  readInfo: () => encodeInfo({ ...decodeInfo(lock.readInfo()), frameSize }),
  connected: (notify) => {
    const connection = spoken.connected(notify);
    return {
      ...connection,
      receive: (frame) => {
        longest = Math.max(longest, frame.length);
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

describe('the size of a frame', () => {
  it('is not taken from one who speaks in the name of a lock and cannot prove to be it', async () => {
    const other = await bench.makeLock('0000051a00000006', { provisioned: true });
    bench.radio.add(saying(512, other));
    expect(await unlock()).toMatchObject({ error: { code: 'lock.not_genuine' } });
    bench.radio.add(saying(40));
    expect(await unlock()).toMatchObject({ ok: true });
    expect(longest).toBe(40);
  });

  it('is asked for once of a lock that understands', async () => {
    bench.radio.add(saying(40));
    expect(await unlock()).toMatchObject({ ok: true });
    bench.radio.add(saying(60));
    expect(await unlock()).toMatchObject({ ok: true });
    expect(longest).toBe(40);
  });

  it('is asked for again when the lock has not answered', async () => {
    bench.radio.add(saying(60));
    expect(await unlock()).toMatchObject({ ok: true });
    longest = 0;
    bench.radio.add(saying(40));
    bench.radio.frameFault = (direction, index) =>
      direction === 'toLock' && index > 2 ? 'lose_before' : 'deliver';
    expect(await unlock()).toMatchObject({ ok: false });
    bench.radio.frameFault = () => 'deliver';
    longest = 0;
    bench.radio.hear(lock);
    expect(await unlock()).toMatchObject({ ok: true });
    expect(longest).toBe(40);
  });
});
