import { describe, expect, it } from 'vitest';
import { createFakeKioskApi, goodInputs, goodOutputs, quietStore } from '#support/fake-kiosk-api.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { AppFailure, fail } from '#shared/errors/app-error.ts';
import { callNames, calls } from '#shared/ipc/contract.ts';
import type { SnapshotEnvelope } from '#shared/ipc/envelope.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import type { KioskApi } from './api.ts';
import { createDispatcher } from './dispatcher.ts';

const setUp = (handlers: Partial<KioskApi['calls']> = {}) => {
  const api = createFakeKioskApi(handlers);
  const clock = new ManualClock();
  const logger = createRecordingLogger();
  const dispatcher = createDispatcher({ api, clock, random: seededRandom(1), logger });
  return { api, clock, logger, dispatcher, connection: dispatcher.connect() };
};

/** A page that takes snapshots only when told to. */
const slowPage = () => {
  const taken: SnapshotEnvelope[] = [];
  let release = (): void => undefined;
  return {
    taken,
    deliver: (envelope: SnapshotEnvelope): Promise<void> => {
      taken.push(envelope);
      return new Promise((resolve) => (release = resolve));
    },
    async ready(): Promise<void> {
      release();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
};

describe('calls', () => {
  it.each(callNames)('answers %s with what its handler answered', async (name) => {
    const { connection } = setUp();
    expect(await connection.call(name, goodInputs[name])).toEqual({ ok: true, value: goodOutputs[name] });
  });

  it.each(callNames)('refuses an extra field in the input of %s before its handler sees it', async (name) => {
    const { api, connection } = setUp();
    const answer = await connection.call(name, { ...goodInputs[name], extra: 1 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'ipc.bad_request', params: {} } });
    expect(api.seen).toEqual([]);
  });

  it('refuses names that every object has', async () => {
    const { connection } = setUp();
    for (const name of ['constructor', '__proto__', 'toString', '', 7, null, undefined]) {
      expect(await connection.call(name, null)).toMatchObject({ error: { code: 'ipc.bad_request' } });
    }
  });

  it('refuses input that is long only before it is trimmed, is cyclic, or is no JSON', async () => {
    const { connection } = setUp();
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const input of [{ code: 'ABCD-EFGH-JKLM-NPQR', name: ' '.repeat(20_000) + 'x' }, cyclic, 7n]) {
      expect(await connection.call('registerKiosk', input)).toMatchObject({
        error: { code: 'ipc.bad_request' },
      });
    }
  });

  it('answers ipc.timeout at the deadline and aborts the handler', async () => {
    const { api, clock, connection } = setUp({ unlock: () => new Promise(() => undefined) });
    const answer = connection.call('unlock', goodInputs.unlock);
    await clock.advance(calls.unlock.deadlineMs - 1);
    expect(api.seen[0]?.context.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(await answer).toMatchObject({ ok: false, error: { code: 'ipc.timeout' } });
    expect(api.seen[0]?.context.signal.aborted).toBe(true);
  });

  it('aborts what is under way when the page has gone', async () => {
    const { api, connection } = setUp({ unlock: () => new Promise(() => undefined) });
    const answer = connection.call('unlock', goodInputs.unlock);
    connection.close();
    expect(await answer).toMatchObject({ error: { code: 'ipc.disconnected' } });
    expect(api.seen[0]?.context.signal.aborted).toBe(true);
    expect(await connection.call('touch', null)).toMatchObject({ error: { code: 'ipc.disconnected' } });
  });

  it('passes a declared error on with its declared parameters only', async () => {
    const { connection } = setUp({
      signIn: () => Promise.resolve(fail('staff.wrong_pin', { attemptsLeft: 3, pin: '4711' })),
    });
    const answer = await connection.call('signIn', goodInputs.signIn);
    expect(answer).toMatchObject({ error: { code: 'staff.wrong_pin', params: { attemptsLeft: 3 } } });
    expect(JSON.stringify(answer)).not.toContain('4711');
  });

  it.each([
    ['an undeclared error', () => Promise.resolve(fail('lock.busy'))],
    ['a rejection', () => Promise.reject(new Error('secret 4711'))],
    ['an expected failure that is thrown', () => Promise.reject(new AppFailure('staff.wrong_pin'))],
    [
      'a throw',
      () => {
        throw new Error('secret 4711');
      },
    ],
  ])('turns %s into internal.unexpected, found in the log by its correlation id', async (_what, signIn) => {
    const { connection, logger } = setUp({ signIn });
    const answer = await connection.call('signIn', goodInputs.signIn);
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal.unexpected', params: {} } });
    const line = logger.lines.find(({ level }) => level === 'error');
    expect(answer).toMatchObject({ correlationId: line?.fields['correlationId'] });
    expect(JSON.stringify([answer, logger.lines])).not.toContain('4711');
  });

  it('refuses a flood without touching the handler, and recovers', async () => {
    const { api, clock, connection } = setUp({ touch: () => new Promise(() => undefined) });
    const first = Array.from({ length: 32 }, () => connection.call('touch', null));
    expect(await connection.call('touch', null)).toMatchObject({ error: { code: 'ipc.bad_request' } });
    expect(api.seen).toHaveLength(32);
    await clock.advance(calls.touch.deadlineMs);
    await Promise.all(first);
    expect(await connection.call('signOut', null)).toEqual({ ok: true, value: null });
  });
});

describe('streams', () => {
  it('replays the newest snapshot to a new page under the same number', () => {
    const { api, dispatcher, connection } = setUp();
    const first = slowPage();
    connection.subscribe('kiosk', first.deliver);
    api.streams.kiosk.next({ ...quietStore.kiosk, kioskName: 'Renamed' });
    const second = slowPage();
    dispatcher.connect().subscribe('kiosk', second.deliver);
    expect(second.taken).toMatchObject([
      { stream: 'kiosk', sequence: 1, snapshot: { kioskName: 'Renamed' } },
    ]);
    expect(second.taken[0]?.epoch).toBe(first.taken[0]?.epoch);
  });

  it('goes on numbering after every page has gone, so that a page never takes a newer snapshot for an older', () => {
    const { connection } = setUp();
    const page = slowPage();
    connection.subscribe('health', page.deliver);
    connection.unsubscribe('health');
    connection.subscribe('health', page.deliver);
    expect(page.taken.map(({ sequence }) => sequence)).toEqual([0, 1]);
  });

  it('keeps one snapshot under way per page and then sends the newest', async () => {
    const { api, connection } = setUp();
    const page = slowPage();
    connection.subscribe('kiosk', page.deliver);
    for (let now = 1; now <= 5; now += 1) api.streams.kiosk.next({ ...quietStore.kiosk, now });
    expect(page.taken).toHaveLength(1);
    await page.ready();
    expect(page.taken).toHaveLength(2);
    expect(page.taken[1]).toMatchObject({ sequence: 5, snapshot: { now: 5 } });
  });

  it('sends at most ten lists of locks a second, ending with the newest', async () => {
    const { api, clock, connection } = setUp();
    const taken: SnapshotEnvelope[] = [];
    connection.subscribe('locks', (envelope) => {
      taken.push(envelope);
      return Promise.resolve();
    });
    const foreign = (rounds: number) => ({
      locks: [],
      foreign: Array.from({ length: rounds }, () => ({
        serialNumber: '0000051a00000005',
        proximity: 'near' as const,
      })),
    });
    for (let round = 1; round <= 100; round += 1) {
      api.streams.locks.next(foreign(round));
      await clock.advance(10);
    }
    await clock.advance(100);
    expect(taken.length).toBeLessThanOrEqual(12);
    expect(taken.at(-1)?.snapshot).toEqual(foreign(100));
  });

  it('drops a snapshot that is not as declared and says so', () => {
    const { api, connection, logger } = setUp();
    const page = slowPage();
    connection.subscribe('kiosk', page.deliver);
    const leaky = { ...quietStore.kiosk, signingKey: 'c2VjcmV0' };
    api.streams.kiosk.next(leaky);
    expect(page.taken).toHaveLength(1);
    expect(logger.lines).toMatchObject([{ level: 'error', event: 'snapshot dropped: not as declared' }]);
    expect(JSON.stringify(logger.lines)).not.toContain('c2VjcmV0');
  });

  it('leaves nothing subscribed once disposed, and takes no name that is not a stream', () => {
    const { api, connection, dispatcher } = setUp();
    connection.subscribe('locks', slowPage().deliver);
    expect(connection.subscribe('toString', slowPage().deliver)).toBe(false);
    expect(connection.unsubscribe('nope')).toBe(false);
    dispatcher.dispose();
    expect(api.streams.locks.observed).toBe(false);
    expect(connection.subscribe('locks', slowPage().deliver)).toBe(false);
  });
});
