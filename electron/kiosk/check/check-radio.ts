/** Whether there is an adapter that may be used, and how long it takes to hear a first lock. */
import { filter, firstValueFrom } from 'rxjs';
import { inTime } from '#shared/flow/in-time.ts';
import type { CheckPorts, CheckResult } from './ports.ts';
import { radioWords } from './words.ts';

const withinMs = 20_000;
const tenth = 100;

/** A machine is often set up where no lock is near: that none is heard is told, and is no fault of the machine. */
export const checkRadio = async ({
  radio,
  clock,
}: Pick<CheckPorts, 'radio' | 'clock'>): Promise<readonly CheckResult[]> => {
  if (!radio) return [{ part: 'dongle', ok: null, seen: 'a kiosk is running here: see its Health' }];
  const { state$, advertisements$, dispose } = radio();
  const within = { timer: clock, ms: withinMs };
  const began = clock.sinceBoot();
  // From the beginning: a lock may be heard as soon as the adapter is ready.
  const heard = firstValueFrom(advertisements$, { defaultValue: null });
  const first = heard.then((lock) => (lock === null ? null : clock.sinceBoot() - began));
  const known = firstValueFrom(state$.pipe(filter((state) => state !== 'starting')), {
    defaultValue: 'stuck' as const,
  });
  const state = await inTime(within, known, () => 'stuck' as const);
  const dongle: CheckResult = { part: 'dongle', ok: state === 'ready', seen: radioWords[state] };
  const ms = state === 'ready' ? await inTime(within, first, () => null) : null;
  await dispose();
  if (state !== 'ready') return [dongle];
  const lock: CheckResult =
    ms === null
      ? { part: 'first lock', ok: null, seen: `none was heard in ${withinMs / 1000} s: is one near?` }
      : { part: 'first lock', ok: true, seen: `heard after ${Math.ceil(ms / tenth) / 10} s` };
  return [dongle, lock];
};
