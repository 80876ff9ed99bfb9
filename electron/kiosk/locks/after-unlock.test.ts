import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { never, untilStopped } from '#support/fake-driver.ts';
import { createKioskBench, type KioskBench } from '#support/kiosk-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { AttemptState } from './attempt.ts';

const staySignal = new AbortController().signal;

const unlock = (bench: KioskBench): Promise<Result<UnlockEnd>> =>
  bench.unlocks.unlock(serial, ids.ann, staySignal);

const attempt = async (bench: KioskBench): Promise<AttemptState> => {
  const state = await firstValueFrom(bench.unlocks.attempt$);
  if (!state) throw new Error('no attempt');
  return state;
};

const nearBench = (): KioskBench => {
  const bench = createKioskBench();
  bench.driver.hear(serial);
  return bench;
};

describe('after it has opened', () => {
  test('is locked again only when the lock has said so', async () => {
    const bench = nearBench();
    await unlock(bench);
    await bench.clock.advance(5_600);
    expect((await attempt(bench)).bolt).toBe('open');
    await bench.clock.advance(200);
    expect((await attempt(bench)).bolt).toBe('locked');
    expect(bench.driver.asked).toEqual([`unlock ${serial}`, `status ${serial}`]);
  });

  test('a lock that says open is asked again; one that cannot be asked is not known', async () => {
    const bench = nearBench();
    const status = { provisioned: true, boltOpen: true, tamper: false, battery: 50 };
    bench.driver.onStatus = () => Promise.resolve(ok(status));
    await unlock(bench);
    await bench.clock.advance(20_000);
    expect((await attempt(bench)).bolt).toBe('open');
    expect(bench.driver.asked.filter((asked) => asked.startsWith('status'))).toHaveLength(3);

    const lost = nearBench();
    lost.driver.onStatus = (serialNumber) => Promise.resolve(fail('lock.not_near', { serialNumber }));
    await unlock(lost);
    await lost.clock.advance(20_000);
    expect((await attempt(lost)).bolt).toBeNull();
  });

  test('a person who opens the next lock does not wait for it', async () => {
    const bench = nearBench();
    bench.driver.onStatus = untilStopped;
    await unlock(bench);
    await bench.clock.advance(5_800);
    expect(bench.slot.isFree()).toBe(false);
    expect(await unlock(bench)).toMatchObject({ value: { kind: 'open' } });
  });

  test('asking the lock is the way out of "not known"', async () => {
    const bench = nearBench();
    bench.driver.onUnlock = (_, { onCommitted }) => {
      onCommitted?.();
      return Promise.resolve(fail('lock.outcome_unknown'));
    };
    await unlock(bench);
    expect(await bench.operations.ask(serial, staySignal)).toEqual(ok({ bolt: 'locked', battery: 80 }));
    expect(await attempt(bench)).toMatchObject({ end: { kind: 'unknown' }, bolt: 'locked' });
  });
});

describe('no opening without a record', () => {
  test('a kiosk killed in between records at its next start that the outcome is not known', async () => {
    const bench = nearBench();
    bench.driver.onUnlock = never;
    void unlock(bench);
    await bench.clock.advance(100);
    const { attemptId } = await attempt(bench);
    await bench.intents.recover();
    expect(bench.data.events).toMatchObject([{ kind: 'unlock_unknown', attemptId, staffId: ids.ann }]);
    await bench.intents.recover();
    expect(bench.data.events).toHaveLength(1);
  });

  test('a kiosk killed after the event was stored does not record the attempt a second time', async () => {
    const bench = nearBench();
    bench.driver.onUnlock = () => Promise.resolve(ok({ holdOpenSeconds: 5 }));
    await unlock(bench);
    const { attemptId } = await attempt(bench);
    // As if the note had not been cleared yet.
    await bench.intents.begin({ attemptId, serialNumber: serial, staffId: ids.ann });
    await bench.intents.recover();
    await bench.intents.recover();
    expect(bench.data.events.map(({ kind }) => kind)).toEqual(['unlocked']);
  });

  test('an event that met a full disk is stored later, and nothing opens until then', async () => {
    const bench = nearBench();
    bench.driver.onUnlock = () => {
      bench.data.diskFull = true;
      return Promise.resolve(ok({ holdOpenSeconds: 5 }));
    };
    expect(await unlock(bench)).toMatchObject({ value: { kind: 'open' } });
    expect(bench.journal.backlog).toBe(1);
    expect(await unlock(bench)).toMatchObject({ value: { error: { code: 'storage.disk_full' } } });
    bench.data.diskFull = false;
    bench.driver.onUnlock = () => Promise.resolve(ok({ holdOpenSeconds: 5 }));
    // As soon as there is room again, without waiting for the journal's own next try.
    expect(await unlock(bench)).toMatchObject({ value: { kind: 'open' } });
    expect(bench.data.events.map(({ kind }) => kind)).toEqual(['unlocked', 'not_unlocked', 'unlocked']);
  });
});
