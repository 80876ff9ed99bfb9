import { describe, expect, it } from 'vitest';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { Result } from '#shared/errors/app-error.ts';
import { decodeInfo } from '../wire/info.ts';
import type { LockCredentials } from '../lock-driver.ts';

const limits = { deadlineMs: 10_000 };

let bench: LockBench;
let lock: SimulatedLock;
let credentials: LockCredentials;

useLockOnBench((on) => ({ bench, lock, credentials } = on));

const prepare = (which = lock, deviceCertificate = which.deviceCertificate): Promise<Result<null>> => {
  const answer = bench.driver.prepare?.(which.serialNumber, deviceCertificate, { deadlineMs: 5_000 });
  if (!answer) throw new Error('the open driver prepares');
  return answer;
};
const unlock = (onStage?: (stage: string) => void) =>
  bench.driver.unlock(
    serialNumber,
    credentials,
    { holdOpenSeconds: 5, actorHash: new Uint8Array(32) },
    { ...limits, ...(onStage ? { onStage } : {}) },
  );
const boltOpen = (): boolean => decodeInfo(lock.readInfo()).boltOpen;
/** Frames that travel while `work` runs. */
const framesDuring = async (work: () => Promise<unknown>): Promise<string[]> => {
  const frames: string[] = [];
  bench.radio.frameFault = (direction) => {
    frames.push(direction);
    return 'deliver';
  };
  await work();
  bench.radio.frameFault = () => 'deliver';
  return frames;
};

describe('prepare', () => {
  it('leaves one round trip for the unlock, on the link that stands, through every stage', async () => {
    expect(await prepare()).toEqual({ ok: true, value: null });
    expect(boltOpen()).toBe(false);
    const stages: string[] = [];
    const frames = await framesDuring(async () => {
      expect(await unlock((stage) => stages.push(stage))).toMatchObject({ ok: true });
    });
    expect(boltOpen()).toBe(true);
    expect(frames.at(-1)).toBe('toKiosk');
    // The chain, sent in full to a lock that has never seen it, takes more than one frame.
    expect(frames.filter((direction) => direction === 'toKiosk')).toHaveLength(1);
    expect(frames.indexOf('toKiosk')).toBe(frames.length - 1);
    expect(stages).toEqual(['find', 'connect', 'authenticate', 'actuate']);
    expect(bench.radio.connections).toBe(1);
    await bench.settle();
    expect(bench.radio.openLinks).toBe(0);
  });

  it('is joined by an unlock that comes while it is under way', async () => {
    const preparing = prepare();
    expect(await unlock()).toMatchObject({ ok: true });
    expect(await preparing).toMatchObject({ ok: true });
    expect(bench.radio.connections).toBe(1);
  });

  it('is done once, however often it is asked for', async () => {
    await Promise.all([prepare(), prepare(), prepare()]);
    await prepare();
    expect(bench.radio.connections).toBe(1);
  });

  it('lets the lock go by itself after eight seconds, so that its battery lasts', async () => {
    await prepare();
    await bench.clock.advance(7_900);
    expect(bench.radio.openLinks).toBe(1);
    await bench.clock.advance(200);
    await bench.settle();
    expect(bench.radio.openLinks).toBe(0);
  });

  it('holds one lock at a time', async () => {
    const other = await bench.makeLock('0000051a00000006', { provisioned: true });
    await prepare();
    await prepare(other);
    await bench.settle();
    expect(bench.radio.openLinks).toBe(1);
    expect(await unlock()).toMatchObject({ ok: true });
    await bench.settle();
    expect(bench.radio.openLinks).toBe(0);
  });

  it('that hangs on one lock does not keep anyone from another', async () => {
    const dead = await bench.makeLock('0000051a00000007', { provisioned: true });
    bench.radio.setUnreachable(dead, true);
    const preparing = prepare(dead);
    await bench.settle();
    expect(await unlock()).toMatchObject({ ok: true });
    expect(await preparing).toMatchObject({ ok: false });
  });

  it('keeps the lock in sight while it is connected and so does not advertise', async () => {
    await prepare();
    const seen: { serialNumber: string; repeated: boolean }[] = [];
    const watching = bench.driver.sightings$.subscribe((sighting) =>
      seen.push({ serialNumber: sighting.serialNumber, repeated: sighting.repeated === true }),
    );
    await bench.clock.advance(3_500);
    const repeated = { serialNumber, repeated: true };
    expect(seen).toEqual([repeated, repeated, repeated]);
    await bench.clock.advance(10_000);
    const count = seen.length;
    await bench.clock.advance(10_000);
    expect(seen).toHaveLength(count);
    watching.unsubscribe();
  });

  it('is forgotten when its link is lost: the unlock connects anew', async () => {
    await prepare();
    bench.radio.dropLinks();
    await bench.settle();
    expect(await unlock()).toMatchObject({ ok: true });
    expect(bench.radio.connections).toBe(2);
  });

  it('holds no lock that is not the one that was enrolled', async () => {
    const foreign = await bench.makeLock('0000051a00000008', { provisioned: true });
    expect(await prepare(lock, foreign.deviceCertificate)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
    expect(bench.radio.connections).toBe(0);
  });

  it('waits for nobody: while an operation runs there is nothing to prepare', async () => {
    const running = unlock();
    expect(await prepare()).toMatchObject({ error: { code: 'lock.busy' } });
    expect(await running).toMatchObject({ ok: true });
  });

  it('ends with the driver', async () => {
    await prepare();
    await bench.driver.dispose();
    expect(bench.radio.openLinks).toBe(0);
    expect(await prepare()).toMatchObject({ error: { code: 'lock.cancelled' } });
  });
});
