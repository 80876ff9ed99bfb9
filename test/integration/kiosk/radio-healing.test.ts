/**
 * A whole kiosk with its radio in a process of its own: what its Health page says while the radio is ill, and that it heals by
 * itself once the cause is over. How soon is computed from the configured periods in `recovering-radio.test.ts` and
 * `radio-client.test.ts`; here a machine may be as slow as it likes.
 */
import { readFileSync } from 'node:fs';
import { filter, firstValueFrom, ReplaySubject, timeout } from 'rxjs';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { composeKiosk } from '#kiosk/compose.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { parseKioskConfig } from '#kiosk/platform/config.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import type { RadioProcess } from '#kiosk/radio/radio-client.ts';
import { streams } from '#shared/ipc/contract.ts';
import type { HealthView } from '#shared/ipc/health-view.ts';
import { createStoreAir } from '#simulators/air/main.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';
import { createStuckAdapter } from '#support/stuck-adapter.ts';
import { secretStore } from '#support/kiosk-file.ts';
import { folderTest } from '#support/folder-test.ts';

type State = HealthView['radio']['state'];

/** Of the wall clock: as long as any of it takes on a machine that has other things to do. */
const patienceMs = 50_000;

interface Heard {
  /** The radio process that was heard of last. */
  speaking: RadioProcess | null;
  /** What radio processes say of how they are is heard after this. */
  gate: Promise<unknown>;
}

interface Shown {
  readonly state: State;
  readonly words: string;
}

/** The page's own messages: what Health says of each state. */
const messages = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL('../../../renderer/i18n/en.json', import.meta.url), 'utf8')));

const stateMessage = z.looseObject({ type: z.literal('state') });

/** The same process, whose states are heard of after the gate. */
const behindGate = (radio: RadioProcess, heard: Heard): RadioProcess => ({
  pid: radio.pid,
  send: (message) => radio.send(message),
  onExit: (listener) => radio.onExit(listener),
  kill: () => radio.kill(),
  onMessage: (listener) =>
    radio.onMessage((message) => {
      if (!stateMessage.safeParse(message).success) {
        listener(message);
        return;
      }
      heard.speaking = radio;
      void heard.gate.then(() => listener(message));
    }),
});

const it = folderTest
  .extend('store', async ({}, { onCleanup }) => {
    const store = await createStoreAir({
      clock: systemClock,
      random: systemRandom,
      port: 0,
      locks: [new ScriptedLock(1)],
    });
    onCleanup(() => store.dispose());
    return store;
  })
  .extend('adapter', async ({ store }, { onCleanup }) => {
    const adapter = await createStuckAdapter(store.h4);
    onCleanup(() => adapter.dispose());
    return adapter;
  })
  .extend('heard', (): Heard => ({ speaking: null, gate: Promise.resolve() }))
  .extend('kiosk', async ({ adapter, folder, heard }, { onCleanup }) => {
    const kiosk = await composeKiosk({
      config: parseKioskConfig(
        {
          backendUrl: 'http://127.0.0.1:9',
          dataDir: folder,
          kioskName: 'Counter',
          radio: { h4: adapter.h4 },
        },
        'test',
      ),
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      fetch: () => Promise.reject(new TypeError('no network')),
      secretStore,
      spawnRadio: () => behindGate(forkRadioProcess(), heard),
    });
    onCleanup(() => kiosk.dispose());
    return kiosk;
  })
  /** What Health shows of the radio, and the sentence for it. The last one replays. */
  .extend('shown', ({ kiosk }, { onCleanup }) => {
    const shown = new ReplaySubject<Shown>(1);
    const watching = kiosk.api.streams.health.subscribe((snapshot) => {
      const { state } = streams.health.snapshot.parse(snapshot).radio;
      shown.next({ state, words: messages[`health.radio.${state}`] ?? '' });
    });
    onCleanup(() => watching.unsubscribe());
    return shown;
  })
  /** Resolves when Health shows that state, with how it is shown. */
  .extend(
    'until',
    ({ shown }) =>
      (state: State): Promise<Shown> =>
        firstValueFrom(
          shown.pipe(
            filter((now) => now.state === state),
            timeout(patienceMs),
          ),
        ),
  )
  .extend(
    'pidOf',
    ({ heard }) =>
      () =>
        heard.speaking?.pid ?? expect.unreachable('no radio process'),
  );

describe('the kiosk says what is wrong with its radio, and heals', { timeout: 4 * patienceMs }, () => {
  it('a dongle that is pulled and put back', async ({ store, until }) => {
    await until('ready');
    store.dongle('out');
    const missing = await until('no_dongle');
    expect(missing.words).toMatch(/dongle not found since .*Plug the dongle into a USB port/);
    store.dongle('in');
    expect((await until('ready')).words).toMatch(/Bluetooth works/);
  });

  it.for(['SIGKILL', 'SIGSTOP'] as const)(
    'a radio process that gets %s',
    async (signal, { heard, until, pidOf }) => {
      await until('ready');
      const before = pidOf();
      // The next process is on its way up until it is let up, however fast it is.
      const { promise, resolve: letUp } = Promise.withResolvers<undefined>();
      heard.gate = promise;
      process.kill(before, signal);
      const starting = await until('starting');
      expect(starting.words).toMatch(/Bluetooth is starting/);
      letUp(undefined);
      expect((await until('ready')).words).toMatch(/Bluetooth works/);
      expect(pidOf()).not.toBe(before);
    },
  );

  it('an adapter that does not answer any more', async ({ adapter, until }) => {
    await until('ready');
    adapter.stick();
    const stuck = await until('stuck');
    expect(stuck.words).toMatch(/Bluetooth has not responded since .*unplug the dongle/);
    adapter.loosen();
    expect((await until('ready')).words).toMatch(/Bluetooth works/);
  });
});
