/** A crowded store comes into earshot: when is every lock on the list, and what does listening cost? */
import { readFileSync } from 'node:fs';
import { filter, firstValueFrom } from 'rxjs';
import { createNearby } from '#kiosk/visit/nearby.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { delay } from '#simulators/delay.ts';
import type { Bench, Measured } from './bench.ts';
import { openKioskRadio } from './radio/kiosk-radio.ts';
import { openAir, type OpenAir } from './radio/open-air.ts';
import { median } from './statistics.ts';

const locks = 500;
const foreign = { devices: 2_000, perSecond: 4_000 };
const rounds = 5;
const listenMs = 3_000;

/** Milliseconds of processor time of a process, from Linux's own account in ticks of 10 ms; null elsewhere. */
const processCpuMs = (pid: number): number | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name in brackets: state is field 3, utime 14, stime 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
};

interface Round {
  readonly listedMs: number;
  /** Share of one core that the radio process and this one, as the core, take; null where it is not known. */
  readonly share: number | null;
}

const listen = async (air: OpenAir): Promise<Round> => {
  const kiosk = openKioskRadio(air);
  const nearby = createNearby({ sightings$: kiosk.driver.sightings$, clock: systemClock });
  try {
    await kiosk.ready();
    const began = performance.now();
    await firstValueFrom(nearby.nearby$.pipe(filter((list) => list.size === locks)));
    const listedMs = performance.now() - began;
    const { pid } = kiosk.radio;
    const radioBefore = pid === undefined ? null : processCpuMs(pid);
    const coreBefore = process.cpuUsage();
    const since = performance.now();
    await delay(systemClock, listenMs);
    const passed = performance.now() - since;
    const core = process.cpuUsage(coreBefore);
    const radioAfter = pid === undefined ? null : processCpuMs(pid);
    const share =
      radioBefore === null || radioAfter === null
        ? null
        : (radioAfter - radioBefore + (core.user + core.system) / 1000) / passed;
    return { listedMs, share };
  } finally {
    nearby.dispose();
    await kiosk.dispose();
  }
};

export const discover: Bench = {
  name: 'discover',
  work: `${locks} locks at 100 ms, ${foreign.devices} other devices with ${foreign.perSecond} advertisements a second`,
  run: async () => {
    const air = await openAir({ locks: 0, echoes: locks, foreign });
    const done: Round[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) done.push(await listen(air));
    } finally {
      await air.dispose();
    }
    const shares = done.flatMap(({ share }) => share ?? []);
    const listed: Measured = {
      part: '',
      figure: median(done.map(({ listedMs }) => listedMs)),
      unit: 'ms',
      goal: { relation: '<=', value: 1000 },
      baseline: 'each lock advertises every 100 to 110 ms: no one can know them all sooner',
    };
    if (shares.length === 0) return [listed];
    return [
      listed,
      {
        part: 'cpu',
        figure: median(shares) * 100,
        unit: '% of a core',
        // 0.45 of what the build before took on the same two cores, 26 %.
        goal: { relation: '<=', value: 11.7 },
        baseline: 'radio process and core together; the air has a process of its own',
      },
    ];
  },
};
