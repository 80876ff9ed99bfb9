import { describe, expect, it } from 'vitest';
import { createFakeKioskApi, goodInputs } from '#support/fake-kiosk-api.ts';
import type { SnapshotEnvelope } from '#shared/ipc/envelope.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { callNames, calls, streamNames } from '#shared/ipc/contract.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createComingApi } from './coming-api.ts';
import { createDispatcher } from './dispatcher.ts';

const setUp = () => {
  const coming = createComingApi();
  const clock = new ManualClock();
  const ports = { api: coming.api, clock, random: seededRandom(1), logger: silentLogger };
  const connection = createDispatcher(ports).connect();
  return { coming, clock, connection, kiosk: createFakeKioskApi() };
};

const isSettled = async (answer: Promise<unknown>): Promise<boolean> =>
  Promise.race([answer.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);

describe('a page that is there before the kiosk', () => {
  it('is answered once there is a kiosk, in the order in which it asked', async () => {
    const { coming, connection, kiosk } = setUp();
    const first = connection.call('touch', goodInputs.touch);
    const second = connection.call('signIn', goodInputs.signIn);
    expect(await isSettled(first)).toBe(false);
    coming.arrive(kiosk);
    expect(await first).toMatchObject({ ok: true });
    expect(await second).toMatchObject({ ok: true });
    expect(kiosk.seen.map(({ name }) => name)).toEqual(['touch', 'signIn']);
  });

  it.each(streamNames)('is shown %s as soon as there is a kiosk, and nothing before', async (stream) => {
    const { coming, connection, kiosk } = setUp();
    const shown: SnapshotEnvelope[] = [];
    connection.subscribe(stream, (envelope) => {
      shown.push(envelope);
      return Promise.resolve();
    });
    expect(await isSettled(new Promise(() => undefined))).toBe(false);
    expect(shown).toEqual([]);
    coming.arrive(kiosk);
    expect(shown).toHaveLength(1);
  });

  it('has nothing carried out whose time ran out, or that nobody waits for any more', async () => {
    const { coming, clock, connection, kiosk } = setUp();
    const late = connection.call('touch', goodInputs.touch);
    await clock.advance(calls.touch.deadlineMs);
    expect(await late).toMatchObject({ error: { code: 'ipc.timeout' } });
    const left = connection.call('signOut', goodInputs.signOut);
    connection.close();
    expect(await left).toMatchObject({ error: { code: 'ipc.disconnected' } });
    coming.arrive(kiosk);
    expect(await isSettled(new Promise(() => undefined))).toBe(false);
    expect(kiosk.seen).toEqual([]);
  });

  it('has only so much waiting', async () => {
    const { coming, connection, kiosk } = setUp();
    const waiting = Array.from({ length: 32 }, () => connection.call('touch', goodInputs.touch));
    expect(await connection.call('touch', goodInputs.touch)).toMatchObject({
      error: { code: 'ipc.bad_request' },
    });
    coming.arrive(kiosk);
    for (const answer of waiting) expect(await answer).toMatchObject({ ok: true });
  });
});

it.each(callNames)('hands %s to the kiosk that is there', async (name) => {
  const { coming, connection, kiosk } = setUp();
  coming.arrive(kiosk);
  expect(await connection.call(name, goodInputs[name])).toMatchObject({ ok: true });
  expect(kiosk.seen.map((call) => call.name)).toEqual([name]);
});
