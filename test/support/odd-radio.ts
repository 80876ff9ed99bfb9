/** A kiosk's radio over a controller that is as odd as a test says, with two locks in the air. */
import { filter, firstValueFrom, ReplaySubject, timeout } from 'rxjs';
import { afterEach, expect } from 'vitest';
import { systemClock } from '#kiosk/platform/clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { openRadio } from '#kiosk/radio/open-radio.ts';
import type { RadioLink, RadioPort, RadioState } from '#kiosk/radio/port.ts';
import { status } from '#simulators/air/hci/codes.ts';
import { commandComplete, type Command } from '#simulators/air/hci/packets.ts';
import { createStoreAir, type StoreAir, type StoreAirOptions } from '#simulators/air/main.ts';
import { createOddAdapter, type OddAdapter, type Oddities } from './odd-adapter.ts';
import { nextAdvert } from './radio-rig.ts';
import { ScriptedLock } from './scripted-lock.ts';

export const patienceMs = 20_000;
export const patient = { timeoutMs: patienceMs };

export interface OddRadio {
  readonly locks: readonly [ScriptedLock, ScriptedLock];
  readonly store: StoreAir;
  readonly adapter: OddAdapter;
  readonly radio: RadioPort;
  /** Every state that it has shown, in order. */
  readonly shown: readonly RadioState[];
  /** Codes of events that could not be read. */
  readonly unreadable: readonly number[];
  until(state: RadioState): Promise<RadioState>;
  connect(lock: ScriptedLock): Promise<RadioLink>;
  /** Connects to the first lock, reads, and is sent back what it sends. */
  works(): Promise<void>;
}

let dispose: (() => Promise<void>) | null = null;

/** To be called at the top of a file: what was started is ended after each test. */
export const useOddRadio = (): void => {
  afterEach(async () => {
    await dispose?.();
    dispose = null;
  });
};

export const echo = async (link: RadioLink): Promise<void> => {
  const frame = Uint8Array.from({ length: link.maxFrame }, (_, index) => index % 251);
  const answer = firstValueFrom(link.frames$.pipe(timeout(patienceMs)));
  await link.send(frame, patient);
  expect(Uint8Array.from(await answer)).toEqual(frame);
};

export const startOddRadio = async (
  oddities: Oddities = {},
  air: Pick<StoreAirOptions, 'commandBuffers' | 'settings'> = {},
): Promise<OddRadio> => {
  const locks = [new ScriptedLock(1), new ScriptedLock(2)] as const;
  const random = seededRandom(5);
  const store = await createStoreAir({ clock: systemClock, random, locks, port: 0, ...air });
  const adapter = await createOddAdapter(store.h4);
  adapter.behave(oddities);
  const unreadable: number[] = [];
  const radio = openRadio({
    config: { h4: adapter.h4 },
    clock: systemClock,
    random,
    onUnreadable: (code) => unreadable.push(code),
  });
  const states = new ReplaySubject<RadioState>();
  radio.state$.subscribe(states);
  const shown: RadioState[] = [];
  states.subscribe((state) => shown.push(state));
  dispose = async () => {
    await radio.dispose();
    await adapter.dispose();
    await store.dispose();
  };
  const connect = async (lock: ScriptedLock): Promise<RadioLink> => {
    await nextAdvert(radio, lock.peer);
    return radio.connect(lock.peer, patient);
  };
  return {
    locks,
    store,
    adapter,
    radio,
    shown,
    unreadable,
    connect,
    until: (state) =>
      firstValueFrom(
        states.pipe(
          filter((next) => next === state),
          timeout(patienceMs),
        ),
      ),
    works: async () => {
      const link = await connect(locks[0]);
      expect(await link.read('certificate', patient)).toEqual(locks[0].certificate);
      await echo(link);
      await link.close();
    },
  };
};

/** Answers those commands with that error in place of doing them. */
export const refuse =
  (which: (command: Command) => boolean, code: number = status.commandDisallowed) =>
  (command: Command): readonly Buffer[] | null =>
    which(command) ? [commandComplete(command.opcode, code)] : null;
