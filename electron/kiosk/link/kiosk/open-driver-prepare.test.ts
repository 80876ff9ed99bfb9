import { describe, expect } from 'vitest';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import type { Result } from '#shared/errors/app-error.ts';
import { decodeInfo } from '../wire/info.ts';

const limits = { deadlineMs: 10_000 };

const it = lockTest.extend('on', ({ lockBench: bench, lock, credentials }) => {
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
  return { bench, lock, credentials, prepare, unlock, boltOpen, framesDuring };
});

describe('prepare', () => {
  it('leaves one round trip for the unlock, on the link that stands, through every stage', async ({ on }) => {
    expect(await on.prepare()).toEqual({ ok: true, value: null });
    expect(on.boltOpen()).toBe(false);
    const stages: string[] = [];
    const frames = await on.framesDuring(async () => {
      expect(await on.unlock((stage) => stages.push(stage))).toMatchObject({ ok: true });
    });
    expect(on.boltOpen()).toBe(true);
    expect(frames.at(-1)).toBe('toKiosk');
    // The chain, sent in full to a lock that has never seen it, takes more than one frame.
    expect(frames.filter((direction) => direction === 'toKiosk')).toHaveLength(1);
    expect(frames.indexOf('toKiosk')).toBe(frames.length - 1);
    expect(stages).toEqual(['find', 'connect', 'authenticate', 'actuate']);
    expect(on.bench.radio.connections).toBe(1);
    await on.bench.settle();
    expect(on.bench.radio.openLinks).toBe(0);
  });

  it('is joined by an unlock that comes while it is under way', async ({ on }) => {
    const preparing = on.prepare();
    expect(await on.unlock()).toMatchObject({ ok: true });
    expect(await preparing).toMatchObject({ ok: true });
    expect(on.bench.radio.connections).toBe(1);
  });

  it('is done once, however often it is asked for', async ({ on }) => {
    await Promise.all([on.prepare(), on.prepare(), on.prepare()]);
    await on.prepare();
    expect(on.bench.radio.connections).toBe(1);
  });

  it('lets the lock go by itself after eight seconds, so that its battery lasts', async ({ on }) => {
    await on.prepare();
    await on.bench.clock.advance(7_900);
    expect(on.bench.radio.openLinks).toBe(1);
    await on.bench.clock.advance(200);
    await on.bench.settle();
    expect(on.bench.radio.openLinks).toBe(0);
  });

  it('holds one lock at a time', async ({ on }) => {
    const other = await on.bench.makeLock('0000051a00000006', { provisioned: true });
    await on.prepare();
    await on.prepare(other);
    await on.bench.settle();
    expect(on.bench.radio.openLinks).toBe(1);
    expect(await on.unlock()).toMatchObject({ ok: true });
    await on.bench.settle();
    expect(on.bench.radio.openLinks).toBe(0);
  });

  it('that hangs on one lock does not keep anyone from another', async ({ on }) => {
    const dead = await on.bench.makeLock('0000051a00000007', { provisioned: true });
    on.bench.radio.setUnreachable(dead, true);
    const preparing = on.prepare(dead);
    await on.bench.settle();
    expect(await on.unlock()).toMatchObject({ ok: true });
    expect(await preparing).toMatchObject({ ok: false });
  });

  it('keeps the lock in sight while it is connected and so does not advertise', async ({ on }) => {
    await on.prepare();
    const seen: { serialNumber: string; repeated: boolean }[] = [];
    const watching = on.bench.driver.sightings$.subscribe((sighting) =>
      seen.push({ serialNumber: sighting.serialNumber, repeated: sighting.repeated === true }),
    );
    await on.bench.clock.advance(3_500);
    const repeated = { serialNumber, repeated: true };
    expect(seen).toEqual([repeated, repeated, repeated]);
    await on.bench.clock.advance(10_000);
    const count = seen.length;
    await on.bench.clock.advance(10_000);
    expect(seen).toHaveLength(count);
    watching.unsubscribe();
  });

  it('is forgotten when its link is lost: the unlock connects anew', async ({ on }) => {
    await on.prepare();
    on.bench.radio.dropLinks();
    await on.bench.settle();
    expect(await on.unlock()).toMatchObject({ ok: true });
    expect(on.bench.radio.connections).toBe(2);
  });

  it('holds no lock that is not the one that was enrolled', async ({ on }) => {
    const foreign = await on.bench.makeLock('0000051a00000008', { provisioned: true });
    expect(await on.prepare(on.lock, foreign.deviceCertificate)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
    expect(on.bench.radio.connections).toBe(0);
  });

  it('waits for nobody: while an operation runs there is nothing to prepare', async ({ on }) => {
    const running = on.unlock();
    expect(await on.prepare()).toMatchObject({ error: { code: 'lock.busy' } });
    expect(await running).toMatchObject({ ok: true });
  });

  it('ends with the driver', async ({ on }) => {
    await on.prepare();
    await on.bench.driver.dispose();
    expect(on.bench.radio.openLinks).toBe(0);
    expect(await on.prepare()).toMatchObject({ error: { code: 'lock.cancelled' } });
  });
});
