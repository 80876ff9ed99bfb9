/** A group of locks over real noble and bleno: those that live are open while the dead ones still have their time. */
import { filter, firstValueFrom, Subject, timeout } from 'rxjs';
import { afterEach, expect, it } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { runSchedule, type GroupTask } from '#kiosk/locks/group-schedule.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { RadioError } from '#kiosk/radio/port.ts';
import { createRadioRig, nextAdvert, type RadioRig } from '#support/radio-rig.ts';

const patienceMs = 50_000;
/** Longer than the test may take: whoever is dead has no end before the test stops the run. */
const eachMs = 10 * patienceMs;

let rig: RadioRig;
afterEach(() => rig.dispose());

it('locks that can be reached are read while one never connects, and its connect leaves the radio whole', async () => {
  rig = createRadioRig(6);
  const radio = rig.radio();
  const [gone] = rig.locks;
  for (const { peer } of rig.locks) await nextAdvert(radio, peer);
  rig.air.vanish(gone!.address);
  const stop = new AbortController();
  const ends = new Subject<void>();
  const ended = new Map<string, string>();

  const taskOf = ({ peer }: { readonly peer: string }): GroupTask => ({
    isHeard: () => true,
    isCommitted: () => false,
    tryOnce: async ({ dueAt, makeWay, moved }) => {
      const signal = AbortSignal.any([makeWay, stop.signal]);
      const operation = { timeoutMs: Math.max(1, dueAt - systemClock.monotonic()), signal };
      const outcome = await radio
        .connect(peer, operation)
        .then(async (link) => {
          moved('linked');
          try {
            return ok((await link.read('info', operation)).length);
          } finally {
            await link.close();
          }
        })
        .catch((error: unknown) => error);
      if (outcome instanceof RadioError && makeWay.aborted && !stop.signal.aborted) return 'put_back';
      ended.set(peer, outcome instanceof RadioError ? outcome.failure : 'read');
      ends.next();
      return 'over';
    },
    end: (why) => {
      ended.set(peer, why);
      ends.next();
      return Promise.resolve();
    },
  });

  const run = runSchedule({
    clock: systemClock,
    eachMs,
    hearMs: patienceMs,
    heard$: new Subject(),
    signal: stop.signal,
    tasks: rig.locks.map(taskOf),
  });
  const othersAreRead = (): boolean => ended.size === rig.locks.length - 1;
  if (!othersAreRead()) await firstValueFrom(ends.pipe(filter(othersAreRead), timeout(patienceMs)));
  expect(ended.has(gone!.peer)).toBe(false);
  expect([...ended.values()]).toEqual(Array.from({ length: rig.locks.length - 1 }, () => 'read'));

  stop.abort();
  await run;
  expect(['cancelled', 'stopped']).toContain(ended.get(gone!.peer));
  rig.air.appear(gone!.address);
  await nextAdvert(radio, gone!.peer);
  const link = await radio.connect(gone!.peer, { timeoutMs: patienceMs });
  expect((await link.read('info', { timeoutMs: patienceMs })).length).toBe(2);
});
