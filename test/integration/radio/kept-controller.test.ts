/** A controller outlives whoever used it, as a dongle does: nothing that a dead radio told it stands in the next one's way. */
import { describe, expect, it as base } from 'vitest';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import { createRadioClient } from '#kiosk/radio/radio-client.ts';
import { opcode } from '#simulators/air/hci/codes.ts';
import { createStoreAir } from '#simulators/air/main.ts';
import { createOddAdapter } from '#support/odd-adapter.ts';
import { nextAdvert } from '#support/radio-rig.ts';
import { killRadio, untilState } from '#support/radio-states.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';

const patient = { timeoutMs: 10_000 };
/** From a radio that is there again to a lock that answers: its own supervision of the link that is no more, and a connect. */
const reachableWithinMs = 5_000;

const it = base
  .extend('locks', (): readonly [ScriptedLock, ScriptedLock] => [new ScriptedLock(1), new ScriptedLock(2)])
  .extend('store', async ({ locks }, { onCleanup }) => {
    const store = await createStoreAir({ clock: systemClock, random: seededRandom(3), locks, port: 0 });
    onCleanup(() => store.dispose());
    return store;
  })
  .extend('adapter', async ({ store }, { onCleanup }) => {
    const adapter = await createOddAdapter(store.h4);
    onCleanup(() => adapter.dispose());
    return adapter;
  })
  .extend('radio', ({ adapter }, { onCleanup }) => {
    const radio = createRadioClient({
      spawn: forkRadioProcess,
      clock: systemClock,
      random: systemRandom,
      logger: createRecordingLogger(),
      config: { h4: adapter.h4 },
    });
    onCleanup(() => radio.dispose());
    return radio;
  })
  .extend('until', ({ radio }) => untilState(radio))
  .extend('kill', ({ radio }) => killRadio(radio))
  .extend('answers', ({ radio }) => async (lock: ScriptedLock): Promise<void> => {
    await nextAdvert(radio, lock.peer);
    const link = await radio.connect(lock.peer, patient);
    expect((await link.read('info', patient)).length).toBe(2);
    await link.close();
  });

describe('a controller that is kept', { timeout: 60_000 }, () => {
  it.for(['SIGKILL', 'SIGSTOP'] as const)(
    'holds no link of a radio process that ended by %s: the lock is reachable within five seconds',
    async (signal, { locks, radio, until, kill, answers }) => {
      const [lock] = locks;
      await nextAdvert(radio, lock.peer);
      const link = await radio.connect(lock.peer, patient);
      kill(signal);
      expect(await link.closed).toBe('radio_restarted');
      await until('ready');
      const since = performance.now();
      await answers(lock);
      expect(performance.now() - since).toBeLessThan(reachableWithinMs);
      await expect.poll(() => lock.openConnections, { timeout: 10_000 }).toBe(0);
    },
  );

  it('waits for no lock that a dead radio process wanted: another one is connected to', async ({
    locks,
    store,
    adapter,
    radio,
    kill,
    answers,
  }) => {
    const [dead, other] = locks;
    await nextAdvert(radio, dead.peer);
    store.vanishLock(dead.serialNumber);
    const connecting = radio.connect(dead.peer, patient);
    await expect
      .poll(() => adapter.commands.includes(opcode.leCreateConnection), { timeout: 10_000 })
      .toBe(true);
    kill('SIGKILL');
    await expect(connecting).rejects.toMatchObject({ failure: 'radio_restarted' });
    await answers(other);
  });

  it('is told to start anew before anything else, each time', async ({ store, adapter, until, kill }) => {
    await until('ready');
    adapter.cut();
    await until('no_dongle');
    await until('ready');
    kill('SIGKILL');
    await until('starting');
    await until('ready');
    const first = opcode.setEventMask;
    const starts = adapter.commands.flatMap((code, at) => (code === first ? [adapter.commands[at - 1]] : []));
    expect(starts).toEqual([opcode.reset, opcode.reset, opcode.reset]);
    expect(store.controller.overruns()).toEqual({ commands: 0, packets: 0, tooLong: 0 });
  });
});
