/**
 * An adapter that forgets one kind of command and does everything else: noble waits for ever, the kiosk's radio notices, says
 * that it is stuck, and is made anew. How soon is computed in `adapter-watch.test.ts`; here a machine may be slow.
 */
import { filter, firstValueFrom, ReplaySubject, timeout } from 'rxjs';
import { describe, expect, it as base } from 'vitest';
import { systemClock } from '#kiosk/platform/clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { openRadio } from '#kiosk/radio/open-radio.ts';
import type { RadioLink, RadioState } from '#kiosk/radio/port.ts';
import { opcode } from '#simulators/air/hci/codes.ts';
import { createStoreAir } from '#simulators/air/main.ts';
import { nextAdvert } from '#support/radio-rig.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';
import { createStuckAdapter } from '#support/stuck-adapter.ts';

const patienceMs = 50_000;
/** Longer than the test may take: nothing here ends by its caller's deadline. */
const unhurried = { timeoutMs: 10 * patienceMs };

const it = base
  .extend('lock', () => new ScriptedLock(1))
  .extend('store', async ({ lock }, { onCleanup }) => {
    const store = await createStoreAir({
      clock: systemClock,
      random: seededRandom(5),
      locks: [lock],
      port: 0,
    });
    onCleanup(() => store.dispose());
    return store;
  })
  .extend('adapter', async ({ store }, { onCleanup }) => {
    const adapter = await createStuckAdapter(store.h4);
    onCleanup(() => adapter.dispose());
    return adapter;
  })
  .extend('radio', ({ adapter }, { onCleanup }) => {
    const radio = openRadio({ config: { h4: adapter.h4 }, clock: systemClock, random: seededRandom(5) });
    onCleanup(() => radio.dispose());
    return radio;
  })
  .extend('states', ({ radio }) => {
    const states = new ReplaySubject<RadioState>();
    radio.state$.subscribe(states);
    return states;
  })
  .extend('shown', ({ states }) => {
    const shown: RadioState[] = [];
    states.subscribe((state) => shown.push(state));
    return shown;
  })
  .extend(
    'until',
    ({ states }) =>
      (state: RadioState): Promise<RadioState> =>
        firstValueFrom(
          states.pipe(
            filter((next) => next === state),
            timeout(patienceMs),
          ),
        ),
  )
  .extend('connect', ({ lock, radio }) => async (signal?: AbortSignal): Promise<RadioLink> => {
    await nextAdvert(radio, lock.peer);
    return radio.connect(lock.peer, signal ? { ...unhurried, signal } : unhurried);
  })
  /** What was forgotten once is not forgotten again: the next link opens, answers and closes. */
  .extend('heals', ({ lock, adapter, until, connect }) => async (): Promise<void> => {
    await until('stuck');
    adapter.loosen();
    const link = await connect();
    expect((await link.read('info', unhurried)).length).toBe(2);
    await link.close();
    await expect.poll(() => lock.openConnections, { timeout: patienceMs }).toBe(0);
  });

describe('an adapter that forgets', { timeout: 4 * patienceMs }, () => {
  it('to connect: the connect ends by itself, and the next one opens', async ({
    adapter,
    connect,
    heals,
  }) => {
    adapter.swallow(opcode.leCreateConnection);
    await expect(connect()).rejects.toMatchObject({ failure: 'radio_restarted' });
    expect(adapter.swallowed).toBe(1);
    await heals();
  });

  it('to cancel a connect: the caller is told that it was cancelled, and the next connect opens', async ({
    lock,
    store,
    adapter,
    radio,
    heals,
  }) => {
    adapter.swallow(opcode.leCancelConnection);
    await nextAdvert(radio, lock.peer);
    store.vanishLock(lock.serialNumber);
    const abort = new AbortController();
    const connecting = radio.connect(lock.peer, { ...unhurried, signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(connecting).rejects.toMatchObject({ failure: 'cancelled' });
    store.appearLock(lock.serialNumber);
    await heals();
  });

  it('to disconnect: the link ends for whoever closes it, the lock is let go, and the next connect opens', async ({
    adapter,
    connect,
    heals,
  }) => {
    const link = await connect();
    adapter.swallow(opcode.disconnect);
    await link.close();
    expect(await link.closed).toBe('cancelled');
    await heals();
  });

  it('everything while it waits for a lock to answer: the connect ends by itself', async ({
    lock,
    store,
    adapter,
    radio,
    heals,
  }) => {
    await nextAdvert(radio, lock.peer);
    store.vanishLock(lock.serialNumber);
    const connecting = radio.connect(lock.peer, unhurried);
    const ended = expect(connecting).rejects.toMatchObject({ failure: 'radio_restarted' });
    adapter.swallow(...Object.values(opcode));
    await ended;
    store.appearLock(lock.serialNumber);
    await heals();
  });

  it('nothing is not taken for stuck, however long a lock that is gone is waited for', async ({
    lock,
    store,
    radio,
    shown,
    connect,
  }) => {
    await nextAdvert(radio, lock.peer);
    store.vanishLock(lock.serialNumber);
    // Longer than any answer of the adapter may take.
    await expect(radio.connect(lock.peer, { timeoutMs: 4_000 })).rejects.toMatchObject({
      failure: 'timeout',
    });
    store.appearLock(lock.serialNumber);
    await (await connect()).close();
    expect(shown).toEqual(['starting', 'ready']);
  });
});
