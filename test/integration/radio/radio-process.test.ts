/** The radio process as the core has it: forked, over H4, with everything going wrong that can. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it as base } from 'vitest';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import type { RadioState } from '#kiosk/radio/port.ts';
import { createRadioClient, type RadioClient } from '#kiosk/radio/radio-client.ts';
import { createStoreAir } from '#simulators/air/main.ts';
import { nextAdvert } from '#support/radio-rig.ts';
import { killRadio, untilState } from '#support/radio-states.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';

const patient = { timeoutMs: 10_000 };

const it = base
  .extend('lock', () => new ScriptedLock(1))
  /** So many of the next processes are stopped before they do anything. */
  .extend('stillborn', () => ({ left: 0 }))
  .extend('logger', () => createRecordingLogger())
  .extend('store', async ({ lock }, { onCleanup }) => {
    const store = await createStoreAir({
      clock: systemClock,
      random: seededRandom(3),
      locks: [lock],
      port: 0,
    });
    onCleanup(() => store.dispose());
    return store;
  })
  .extend(
    'startRadio',
    ({ stillborn, logger }) =>
      (h4: string | undefined): RadioClient =>
        createRadioClient({
          spawn: () => {
            const forked = forkRadioProcess();
            if (stillborn.left > 0 && forked.pid !== undefined) process.kill(forked.pid, 'SIGSTOP');
            stillborn.left -= 1;
            return forked;
          },
          clock: systemClock,
          random: systemRandom,
          logger,
          config: { h4 },
        }),
  )
  .extend('radio', ({ store, startRadio }, { onCleanup }) => {
    const radio = startRadio(store.h4);
    onCleanup(() => radio.dispose());
    return radio;
  })
  .extend('until', ({ radio }) => untilState(radio))
  .extend('kill', ({ radio }) => killRadio(radio))
  .extend('worksAgain', ({ lock, radio }) => async (): Promise<void> => {
    await nextAdvert(radio, lock.peer);
    const link = await radio.connect(lock.peer, patient);
    expect((await link.read('info', patient)).length).toBe(2);
    await link.close();
  });

describe('the radio process', () => {
  it('hears, connects, reads, sends and hears back', async ({ lock, radio }) => {
    const advert = await nextAdvert(radio, lock.peer);
    expect(Buffer.from(advert.serviceData!).toString('hex')).toBe(lock.serialNumber);
    let connected = false;
    const link = await radio.connect(lock.peer, { ...patient, onConnected: () => (connected = true) });
    expect(connected).toBe(true);
    expect(link.maxFrame).toBe(253);
    expect(await link.read('certificate', patient)).toEqual(lock.certificate);
    expect(await link.read('enrolment', patient)).toEqual(lock.enrolment);
    const frame = Uint8Array.from({ length: link.maxFrame }, (_, index) => index);
    const answer = firstValueFrom(link.frames$);
    await link.send(frame, patient);
    expect(Uint8Array.from(await answer)).toEqual(frame);
    await expect(link.send(new Uint8Array(254), patient)).rejects.toMatchObject({ failure: 'too_large' });
    await link.close();
    expect(await link.closed).toBe('cancelled');
    await expect.poll(() => lock.openConnections).toBe(0);
  });

  it('tells at once of a change in what a lock advertises', async ({ lock, radio }) => {
    await nextAdvert(radio, lock.peer);
    lock.setFlags(0x11);
    const changed = await firstValueFrom(
      radio.advertisements$.pipe(filter(({ manufacturerData }) => manufacturerData[2] === 0x11)),
    );
    expect(changed.peer).toBe(lock.peer);
  });

  it('ends what is in hand with the dongle, shows it, and works again when it is back', async ({
    lock,
    store,
    radio,
    until,
    worksAgain,
  }) => {
    await nextAdvert(radio, lock.peer);
    const link = await radio.connect(lock.peer, patient);
    store.dongle('out');
    expect(await link.closed).toBe('no_dongle');
    await until('no_dongle');
    await expect(radio.connect(lock.peer, patient)).rejects.toMatchObject({ failure: 'no_dongle' });
    store.dongle('in');
    await until('ready');
    await worksAgain();
  });

  it.for(['SIGKILL', 'SIGSTOP', 'SIGSEGV'] as const)(
    'is replaced after %s',
    async (signal, { lock, radio, until, kill, worksAgain }) => {
      await nextAdvert(radio, lock.peer);
      const link = await radio.connect(lock.peer, patient);
      const before = radio.pid;
      kill(signal);
      expect(await link.closed).toBe('radio_restarted');
      await until('ready');
      expect(radio.pid).not.toBe(before);
      await worksAgain();
    },
  );

  it('is replaced when it stops before it has said a word', async ({
    lock,
    stillborn,
    radio,
    until,
    kill,
    worksAgain,
  }) => {
    await nextAdvert(radio, lock.peer);
    const link = await radio.connect(lock.peer, patient);
    stillborn.left = 1;
    kill('SIGKILL');
    expect(await link.closed).toBe('radio_restarted');
    await until('ready');
    expect(stillborn.left).toBeLessThan(0);
    await worksAgain();
  });

  it('makes a connect that is asked for during a restart wait for the new process', async ({
    lock,
    radio,
    until,
    kill,
    worksAgain,
  }) => {
    await nextAdvert(radio, lock.peer);
    kill('SIGKILL');
    await until('starting');
    const opened = radio.connect(lock.peer, patient);
    // The new process has heard of nobody yet.
    await expect(opened).rejects.toMatchObject({ failure: 'not_found' });
    await worksAgain();
  });

  it('cancels a connect, and the next one works', async ({ lock, store, radio, worksAgain }) => {
    await nextAdvert(radio, lock.peer);
    store.vanishLock(lock.serialNumber);
    const abort = new AbortController();
    const opened = radio.connect(lock.peer, { ...patient, signal: abort.signal });
    abort.abort();
    await expect(opened).rejects.toMatchObject({ failure: 'cancelled' });
    store.appearLock(lock.serialNumber);
    await worksAgain();
  });

  it('has no dongle, and says so, on a machine without Bluetooth', async ({ radio, startRadio }) => {
    await radio.dispose();
    const alone = startRadio(undefined);
    try {
      const state = await firstValueFrom(alone.state$.pipe(filter((next) => next !== 'starting')));
      expect(['no_dongle', 'no_permission', 'ready']).toContain(state);
    } finally {
      await alone.dispose();
    }
  });

  it('ends when the core is killed', async ({ store }) => {
    const script = fileURLToPath(new URL('../../support/radio-crash-parent.ts', import.meta.url));
    const core = fork(script, [store.h4], { execArgv: ['--disable-warning=ExperimentalWarning'] });
    const pids = new Set<number>();
    await new Promise<void>((resolve) => {
      core.on('message', (message: { state: RadioState; radioPid: number }) => {
        pids.add(message.radioPid);
        if (message.state === 'ready') resolve();
      });
    });
    const ended = once(core, 'exit');
    core.kill('SIGKILL');
    await ended;
    const alive = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(() => [...pids].filter(alive)).toEqual([]);
  });
});
