import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { createKioskBench, type KioskBench } from '#support/kiosk-bench.ts';
import { untilStopped } from '#support/fake-driver.ts';
import { ids, lockRow, storeRow } from '#support/kiosk-rows.ts';
import { rightsOf } from '#support/rights-bench.ts';
import type { GroupRun } from '#shared/ipc/views.ts';
import type { LockOperation } from '../link/lock-driver.ts';
import { plainGroupOpening } from '../staff/opening.ts';

const serials = ['0000051a00000001', '0000051a00000002', '0000051a00000003'] as const;
const [first, dead, last] = serials;
const going = new AbortController().signal;

/** Three locks with their keys, all of them heard unless named. */
const benchOf = (heard: readonly string[] = serials): KioskBench => {
  const bench = createKioskBench();
  bench.data.pull({
    locks: serials.map((serialNumber) => lockRow(serialNumber)),
    keys: serials.map((serialNumber) => ({ serialNumber, sealed: `sealed ${serialNumber}`, version: 4 })),
  });
  for (const serialNumber of heard) bench.driver.hear(serialNumber);
  return bench;
};

const opens = ({ onStage, onCommitted }: LockOperation) => {
  for (const stage of ['find', 'connect', 'authenticate', 'actuate'] as const) onStage?.(stage);
  onCommitted?.();
  return Promise.resolve(ok({ holdOpenSeconds: 5 }));
};

/** As a driver does whose lock never connects: ends when it is stopped, or with its deadline. */
const neverConnects = (bench: KioskBench, serialNumber: string, operation: LockOperation) => {
  operation.onStage?.('connect');
  return Promise.race([
    untilStopped<never>(serialNumber, operation),
    new Promise<ReturnType<typeof fail>>((resolve) =>
      bench.clock.after(operation.deadlineMs, () => resolve(fail('lock.connect_timeout', { serialNumber }))),
    ),
  ]);
};

const runOf = async (bench: KioskBench): Promise<GroupRun> =>
  (await firstValueFrom(bench.group.run$)) ?? expect.unreachable('no run');

const endsOf = async (bench: KioskBench): Promise<readonly (string | undefined)[]> =>
  (await runOf(bench)).locks.map(({ end }) => (end?.kind === 'not_open' ? end.error.code : end?.kind));

describe('a group', () => {
  test('a lock that does not connect makes way, is tried again, and has its own end after ten seconds', async () => {
    const bench = benchOf();
    bench.driver.onUnlock = (serialNumber, operation) =>
      serialNumber === dead ? neverConnects(bench, serialNumber, operation) : opens(operation);
    const running = bench.group.unlock([dead, first, last], ids.ann, going);
    await bench.clock.advance(1_100);
    expect(await endsOf(bench)).toEqual([undefined, 'open', 'open']);
    await bench.clock.advance(8_800);
    expect((await runOf(bench)).over).toBe(false);
    await bench.clock.advance(1_200);
    expect(await running).toMatchObject({ ok: true, value: { over: true } });
    expect(await endsOf(bench)).toEqual(['lock.connect_timeout', 'open', 'open']);
    expect(bench.driver.asked.filter((asked) => asked.startsWith('unlock'))).toEqual(
      [dead, first, last, dead].map((serialNumber) => `unlock ${serialNumber}`),
    );
  });

  test('each lock has one entry in the journal, however often it was tried, and no note is left', async () => {
    const bench = benchOf();
    bench.driver.onUnlock = (serialNumber, operation) =>
      serialNumber === dead ? neverConnects(bench, serialNumber, operation) : opens(operation);
    const running = bench.group.unlock([dead, first, last], ids.ann, going);
    await bench.clock.advance(12_000);
    await running;
    expect(bench.data.events.map(({ serialNumber, kind }) => [serialNumber, kind])).toEqual([
      [first, 'unlocked'],
      [last, 'unlocked'],
      [dead, 'not_unlocked'],
    ]);
    expect(new Set(bench.data.events.map(({ attemptId }) => attemptId)).size).toBe(3);
    expect(await bench.data.readNote('unlock-intent')).toBe('');
  });

  test('while one connects, others that are connected prove themselves and answer', async () => {
    const bench = benchOf();
    let talking = 0;
    let most = 0;
    bench.driver.onUnlock = async (_serialNumber, operation) => {
      operation.onStage?.('connect');
      await new Promise<void>((resolve) => bench.clock.after(100, resolve));
      operation.onStage?.('authenticate');
      talking += 1;
      most = Math.max(most, talking);
      await new Promise<void>((resolve) => bench.clock.after(400, resolve));
      talking -= 1;
      operation.onCommitted?.();
      return ok({ holdOpenSeconds: 5 });
    };
    const running = bench.group.unlock(serials, ids.ann, going);
    await bench.clock.advance(2_000);
    await running;
    expect(most).toBe(3);
    expect(await endsOf(bench)).toEqual(['open', 'open', 'open']);
  });

  test('a command that has left is waited for to its end, and is not known without an answer', async () => {
    const bench = benchOf();
    const asked = { committed: false };
    bench.driver.onUnlock = (serialNumber, operation) => {
      if (serialNumber !== dead) return opens(operation);
      operation.onStage?.('actuate');
      operation.onCommitted?.();
      asked.committed = true;
      operation.signal?.addEventListener('abort', () => (asked.committed = false));
      return new Promise((resolve) =>
        bench.clock.after(operation.deadlineMs, () => {
          expect(asked.committed).toBe(true);
          resolve(fail('lock.outcome_unknown', { serialNumber }));
        }),
      );
    };
    const running = bench.group.unlock(serials, ids.ann, going);
    await bench.clock.advance(100);
    bench.group.stop((await runOf(bench)).runId);
    await bench.clock.advance(11_000);
    await running;
    expect(await endsOf(bench)).toEqual(['open', 'unknown', 'open']);
  });

  test('a lock that is heard late is opened then, one that is not heard is not near', async () => {
    const bench = benchOf([first]);
    const running = bench.group.unlock(serials, ids.ann, going);
    await bench.clock.advance(1_000);
    bench.driver.hear(last);
    await bench.clock.advance(2_000);
    await running;
    expect(await endsOf(bench)).toEqual(['open', 'lock.not_near', 'open']);
  });

  test('a lock named twice is opened once', async () => {
    const bench = benchOf();
    await bench.group.unlock([first, last, first], ids.ann, going);
    expect(bench.driver.asked).toEqual([`unlock ${first}`, `unlock ${last}`]);
  });

  test('nobody else opens anything meanwhile', async () => {
    const bench = benchOf();
    bench.driver.onUnlock = untilStopped;
    const running = bench.group.unlock(serials, ids.ann, going);
    await bench.clock.advance(0);
    expect(await bench.group.unlock([last], ids.ann, going)).toMatchObject({ error: { code: 'lock.busy' } });
    expect(await bench.unlocks.unlock(last, ids.ann, going)).toMatchObject({ error: { code: 'lock.busy' } });
    bench.group.stop((await runOf(bench)).runId);
    await running;
  });

  test('stopped, it ends the lock at work as that can be ended and begins no other', async () => {
    const bench = benchOf();
    bench.driver.onUnlock = untilStopped;
    const running = bench.group.unlock(serials, ids.ann, going);
    await bench.clock.advance(0);
    const run = await runOf(bench);
    expect(run.locks.map(({ working }) => working)).toEqual([true, false, false]);
    bench.group.stop('another run');
    bench.group.stop(run.runId);
    await running;
    expect(bench.driver.asked).toEqual([`unlock ${first}`]);
    expect(await endsOf(bench)).toEqual(['lock.cancelled', 'lock.cancelled', 'lock.cancelled']);
    expect(bench.data.events).toMatchObject([{ serialNumber: first, errorCode: 'lock.cancelled' }]);
  });

  test('goes no further once the person is not there any more', async () => {
    const bench = benchOf();
    const leaving = new AbortController();
    bench.driver.onUnlock = (_serialNumber, operation) => {
      const answer = opens(operation);
      leaving.abort();
      return answer;
    };
    await bench.group.unlock(serials, ids.ann, leaving.signal);
    expect(bench.driver.asked).toEqual([`unlock ${first}`]);
    expect(await endsOf(bench)).toEqual(['open', 'lock.cancelled', 'lock.cancelled']);
  });

  test('a driver that breaks its contract and never answers ends with its lock’s own deadline', async () => {
    const bench = benchOf();
    bench.driver.onUnlock = (serialNumber, operation) =>
      serialNumber === dead ? new Promise(() => undefined) : opens(operation);
    const running = bench.group.unlock(serials, ids.ann, going);
    await bench.clock.advance(12_000);
    await running;
    expect((await endsOf(bench)).filter((end) => end === 'open')).toHaveLength(2);
    expect((await runOf(bench)).over).toBe(true);
  });
});

test('who has confirmed a group that is stopped before anything of it was tried is in the journal all the same, once', async () => {
  const bench = benchOf();
  bench.data.store$.next({ ...storeRow(), rights: rightsOf([{ group: 'Perfume', twoPeople: true }]) });
  const stopped = new AbortController();
  const approver = { staffId: ids.bob, method: 'pin', duress: true } as const;
  await bench.group.unlock(serials, ids.ann, stopped.signal, () => {
    stopped.abort();
    return Promise.resolve(ok({ ...plainGroupOpening, approver }));
  });
  expect(await endsOf(bench)).toEqual(serials.map(() => 'lock.cancelled'));
  expect(bench.driver.asked).toEqual([]);
  expect(bench.data.events).toMatchObject([
    { kind: 'not_unlocked', staffId: ids.ann, errorCode: 'lock.cancelled', approver },
  ]);
});
