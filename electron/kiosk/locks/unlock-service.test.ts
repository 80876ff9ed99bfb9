import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { never, untilStopped } from '#support/fake-driver.ts';
import { createKioskBench, type KioskBench } from '#support/kiosk-bench.ts';
import { ids, lockRow, serial, storeRow, trustRow } from '#support/kiosk-rows.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { LockOperation } from '../link/lock-driver.ts';
import type { AttemptState } from './attempt.ts';

const hourMs = 3_600_000;
const staySignal = new AbortController().signal;

const unlock = (bench: KioskBench, signal = staySignal): Promise<Result<UnlockEnd>> =>
  bench.unlocks.unlock(serial, ids.ann, signal);

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

const reachAuthenticate = ({ onStage }: LockOperation): void => {
  onStage?.('connect');
  onStage?.('authenticate');
};

describe('unlock', () => {
  test('says open until the time the lock gave, and records who, what and how long', async () => {
    const bench = nearBench();
    const answer = await unlock(bench);
    expect(answer).toEqual(ok({ kind: 'open', until: bench.clock.now() + 5_000 }));
    expect(await attempt(bench)).toMatchObject({
      bolt: 'open',
      canStop: false,
      stage: 'actuate',
      lockName: 'Case 5',
    });
    expect(bench.data.events).toMatchObject([
      {
        kind: 'unlocked',
        staffId: ids.ann,
        serialNumber: serial,
        errorCode: null,
        offline: false,
        sequence: 1,
      },
    ]);
    expect(bench.data.events[0]?.stageMs).toEqual({ find: 0, connect: 0, authenticate: 0, actuate: 0 });
    expect(bench.driver.command?.holdOpenSeconds).toBe(5);
    expect(bench.driver.command?.actorHash).toHaveLength(32);
  });

  test('shows each stage with the time it took', async () => {
    const bench = nearBench();
    bench.driver.onUnlock = async (_, { onStage, onCommitted }) => {
      await bench.clock.advance(120);
      onStage?.('connect');
      await bench.clock.advance(300);
      onStage?.('authenticate');
      await bench.clock.advance(80);
      onStage?.('actuate');
      onCommitted?.();
      await bench.clock.advance(40);
      return ok({ holdOpenSeconds: 5 });
    };
    await unlock(bench);
    expect((await attempt(bench)).stageMs).toEqual({
      find: 120,
      connect: 300,
      authenticate: 80,
      actuate: 40,
    });
  });

  test('wipes the private key when the driver is done with it', async () => {
    const bench = nearBench();
    let inUse = '';
    bench.driver.onUnlock = () => {
      inUse = Buffer.from(bench.driver.lent?.privateKey ?? []).toString();
      return Promise.resolve(ok({ holdOpenSeconds: 5 }));
    };
    await unlock(bench);
    expect(inUse).toBe('private key');
    expect(bench.driver.lent?.privateKey.every((byte) => byte === 0)).toBe(true);
  });

  test.each<[ErrorCode, boolean, UnlockEnd['kind']]>([
    ['lock.connect_timeout', false, 'not_open'],
    ['lock.not_genuine', false, 'not_open'],
    ['lock.refused', true, 'not_open'],
    ['lock.chain_refused', true, 'not_open'],
    ['lock.outcome_unknown', true, 'unknown'],
    ['lock.link_lost', false, 'not_open'],
    ['lock.link_lost', true, 'unknown'],
    ['lock.answer_timeout', true, 'unknown'],
    ['lock.protocol', true, 'unknown'],
    ['radio.restarting', true, 'unknown'],
    ['radio.no_dongle', false, 'not_open'],
  ])('%s with the command sent: %s is %s', async (code, committed, kind) => {
    const bench = nearBench();
    bench.driver.onUnlock = (serialNumber, operation) => {
      reachAuthenticate(operation);
      if (committed) operation.onCommitted?.();
      return Promise.resolve(fail(code, { serialNumber }));
    };
    const answer = await unlock(bench);
    expect(answer.ok && answer.value.kind).toBe(kind);
    expect((await attempt(bench)).bolt).toBeNull();
    expect(bench.data.events).toMatchObject([
      kind === 'unknown'
        ? { kind: 'unlock_unknown', errorCode: 'lock.outcome_unknown' }
        : { kind: 'not_unlocked', errorCode: code },
    ]);
  });

  test('a driver that throws is not open before the command has left, and unknown after', async () => {
    for (const committed of [false, true]) {
      const bench = nearBench();
      bench.driver.onUnlock = (_, { onCommitted }) => {
        if (committed) onCommitted?.();
        return Promise.reject(new Error('broken'));
      };
      const answer = await unlock(bench);
      expect(answer.ok && answer.value.kind).toBe(committed ? 'unknown' : 'not_open');
      expect(bench.data.events).toHaveLength(1);
    }
  });

  test.each<['find' | 'connect' | 'authenticate', ErrorCode]>([
    ['find', 'lock.not_near'],
    ['connect', 'lock.connect_timeout'],
    ['authenticate', 'lock.answer_timeout'],
  ])('a driver that hangs in "%s" ends with %s soon after ten seconds', async (stage, code) => {
    const bench = nearBench();
    bench.driver.onUnlock = (_, { onStage }) => {
      onStage?.(stage);
      return never();
    };
    const answer = unlock(bench);
    await bench.clock.advance(10_300);
    expect(await answer).toEqual(ok({ kind: 'not_open', error: { code, params: { serialNumber: serial } } }));
  });

  test('a driver that hangs after the command is unknown, and the next attempt is free', async () => {
    const bench = nearBench();
    bench.driver.onUnlock = (_, { onCommitted }) => {
      onCommitted?.();
      return never();
    };
    const answer = unlock(bench);
    await bench.clock.advance(10_300);
    expect(await answer).toEqual(ok({ kind: 'unknown' }));
    expect(bench.slot.isFree()).toBe(true);
  });

  test('can be stopped until the command has left', async () => {
    const bench = nearBench();
    bench.driver.onUnlock = untilStopped;
    const answer = unlock(bench);
    await bench.clock.advance(50);
    expect((await attempt(bench)).canStop).toBe(true);
    bench.unlocks.stop((await attempt(bench)).attemptId);
    expect(await answer).toMatchObject({ value: { kind: 'not_open', error: { code: 'lock.cancelled' } } });
  });

  test('cannot be stopped afterwards, by hand or by a page that goes away', async () => {
    const bench = nearBench();
    const page = new AbortController();
    let stopped = false;
    bench.driver.onUnlock = async (_, { onCommitted, signal }) => {
      onCommitted?.();
      signal?.addEventListener('abort', () => {
        stopped = true;
      });
      await bench.clock.advance(100);
      bench.unlocks.stop((await attempt(bench)).attemptId);
      page.abort();
      expect(stopped).toBe(false);
      return ok({ holdOpenSeconds: 5 });
    };
    expect(await unlock(bench, page.signal)).toMatchObject({ value: { kind: 'open' } });
  });

  test('a second person is told that the kiosk is busy', async () => {
    const bench = nearBench();
    bench.driver.onUnlock = untilStopped;
    const first = unlock(bench);
    expect(await unlock(bench)).toEqual(fail('lock.busy', { serialNumber: serial }));
    await bench.clock.advance(1);
    bench.unlocks.stop((await attempt(bench)).attemptId);
    await first;
  });

  test.each<[string, (bench: KioskBench) => void, ErrorCode]>([
    ['no dongle', ({ driver }) => driver.radioState$.next('no_dongle'), 'radio.no_dongle'],
    ['no secret store', ({ vault$ }) => vault$.next('no_secret_store'), 'vault.no_secret_store'],
    [
      'lease run out',
      ({ lastContactAt$, clock }) => lastContactAt$.next(clock.now() - 168 * hourMs),
      'vault.lease_expired',
    ],
    ['no intermediate', ({ data }) => data.trust$.next([]), 'vault.no_intermediate'],
    [
      'intermediate lapsed',
      ({ data, clock }) => data.trust$.next([trustRow(clock.now(), { notAfter: clock.now() })]),
      'vault.intermediate_expired',
    ],
    ['no key', ({ data }) => data.keys$.next(new Map()), 'lock.no_key'],
    ['not of this store', ({ data }) => data.locks$.next(new Map()), 'lock.other_store'],
    [
      'new, and not of this store',
      ({ driver, data }) => {
        data.locks$.next(new Map());
        driver.hear(serial, { provisioned: false });
      },
      'lock.not_provisioned',
    ],
    [
      'a key of another lock in its row',
      ({ data }) =>
        data.pull({ keys: [{ serialNumber: serial, sealed: 'sealed 00000000000000aa', version: 9 }] }),
      'vault.cannot_open',
    ],
    ['disk full', ({ data }) => Object.assign(data, { diskFull: true }), 'storage.disk_full'],
  ])('%s: no command is sent', async (_, arrange, code) => {
    const bench = nearBench();
    arrange(bench);
    expect(await unlock(bench)).toMatchObject({ ok: true, value: { kind: 'not_open', error: { code } } });
    expect(bench.driver.asked).toEqual([]);
  });

  test('what concerns the whole kiosk is said before what concerns the lock', async () => {
    const bench = nearBench();
    bench.data.keys$.next(new Map());
    bench.driver.radioState$.next('stuck');
    expect(await unlock(bench)).toMatchObject({ value: { error: { code: 'radio.stuck' } } });
  });

  test('waits a moment for a lock that has not been heard yet', async () => {
    const bench = createKioskBench();
    const answer = unlock(bench);
    await bench.clock.advance(1_500);
    bench.driver.hear(serial);
    expect(await answer).toMatchObject({ value: { kind: 'open' } });

    const silent = createKioskBench();
    const other = unlock(silent);
    await silent.clock.advance(2_000);
    expect(await other).toMatchObject({ value: { error: { code: 'lock.not_near' } } });
  });

  test('works without contact while the lease lasts, and the event says so', async () => {
    const bench = nearBench();
    bench.online.value = false;
    bench.lastContactAt$.next(bench.clock.now() - 167 * hourMs);
    expect(await unlock(bench)).toMatchObject({ value: { kind: 'open' } });
    expect(bench.data.events[0]?.offline).toBe(true);
  });

  test('passes on how long this store holds its locks open', async () => {
    const bench = nearBench();
    bench.data.store$.next(storeRow({ holdOpenSeconds: 12 }));
    bench.data.pull({ locks: [lockRow()] });
    await unlock(bench);
    expect(bench.driver.command?.holdOpenSeconds).toBe(12);
  });
});
