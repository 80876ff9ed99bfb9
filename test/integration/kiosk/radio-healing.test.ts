/**
 * A whole kiosk with its radio in a process of its own: what its Health page says while the radio is ill, and that it heals by
 * itself once the cause is over. How soon is computed from the configured periods in `recovering-radio.test.ts` and
 * `radio-client.test.ts`; here a machine may be as slow as it likes.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, ReplaySubject, timeout, type Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { composeKiosk, type RunningKiosk } from '#kiosk/compose.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { parseKioskConfig } from '#kiosk/platform/config.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import type { RadioProcess } from '#kiosk/radio/radio-client.ts';
import { streams } from '#shared/ipc/contract.ts';
import type { HealthView } from '#shared/ipc/views.ts';
import { createStoreAir, type StoreAir } from '#simulators/air/main.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';
import { createStuckAdapter, type StuckAdapter } from '#support/stuck-adapter.ts';
import { secretStore } from '#support/kiosk-file.ts';

type State = HealthView['radio']['state'];

/** Of the wall clock: as long as any of it takes on a machine that has other things to do. */
const patienceMs = 50_000;

let store: StoreAir;
let adapter: StuckAdapter;
let dataDir: string;
let kiosk: RunningKiosk;
/** The radio process that was heard of last. */
let speaking: RadioProcess | null;
/** What radio processes say of how they are is heard after this. */
let gate: Promise<unknown>;
/** What Health shows of the radio, and the sentence for it. The last one replays. */
let shown: ReplaySubject<Shown>;
let watching: Subscription;

interface Shown {
  readonly state: State;
  readonly words: string;
}

/** The page's own messages: what Health says of each state. */
const messages = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL('../../../renderer/i18n/en.json', import.meta.url), 'utf8')));

const stateMessage = z.looseObject({ type: z.literal('state') });

/** The same process, whose states are heard of after `gate`. */
const behindGate = (radio: RadioProcess): RadioProcess => ({
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
      speaking = radio;
      void gate.then(() => listener(message));
    }),
});

beforeEach(async () => {
  store = await createStoreAir({
    clock: systemClock,
    random: systemRandom,
    port: 0,
    locks: [new ScriptedLock(1)],
  });
  adapter = await createStuckAdapter(store.h4);
  dataDir = mkdtempSync(join(tmpdir(), 'healing-'));
  speaking = null;
  gate = Promise.resolve();
  shown = new ReplaySubject(1);
  kiosk = await composeKiosk({
    config: parseKioskConfig(
      { backendUrl: 'http://127.0.0.1:9', dataDir, kioskName: 'Counter', radio: { h4: adapter.h4 } },
      'test',
    ),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    fetch: () => Promise.reject(new TypeError('no network')),
    secretStore,
    spawnRadio: () => behindGate(forkRadioProcess()),
  });
  watching = kiosk.api.streams.health.subscribe((snapshot) => {
    const { state } = streams.health.snapshot.parse(snapshot).radio;
    shown.next({ state, words: messages[`health.radio.${state}`] ?? '' });
  });
});

afterEach(async () => {
  watching.unsubscribe();
  await kiosk.dispose();
  await adapter.dispose();
  await store.dispose();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Resolves when Health shows that state, with how it is shown. */
const until = (state: State): Promise<Shown> =>
  firstValueFrom(
    shown.pipe(
      filter((now) => now.state === state),
      timeout(patienceMs),
    ),
  );

const pidOf = (): number => speaking?.pid ?? expect.unreachable('no radio process');

describe('the kiosk says what is wrong with its radio, and heals', { timeout: 4 * patienceMs }, () => {
  it('a dongle that is pulled and put back', async () => {
    await until('ready');
    store.dongle('out');
    const missing = await until('no_dongle');
    expect(missing.words).toMatch(/dongle not found since .*Plug the dongle into a USB port/);
    store.dongle('in');
    expect((await until('ready')).words).toMatch(/Bluetooth works/);
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)('a radio process that gets %s', async (signal) => {
    await until('ready');
    const before = pidOf();
    // The next process is on its way up until it is let up, however fast it is.
    const { promise, resolve: letUp } = Promise.withResolvers<undefined>();
    gate = promise;
    process.kill(before, signal);
    const starting = await until('starting');
    expect(starting.words).toMatch(/Bluetooth is starting/);
    letUp(undefined);
    expect((await until('ready')).words).toMatch(/Bluetooth works/);
    expect(pidOf()).not.toBe(before);
  });

  it('an adapter that does not answer any more', async () => {
    await until('ready');
    adapter.stick();
    const stuck = await until('stuck');
    expect(stuck.words).toMatch(/Bluetooth has not responded since .*unplug the dongle/);
    adapter.loosen();
    expect((await until('ready')).words).toMatch(/Bluetooth works/);
  });
});
