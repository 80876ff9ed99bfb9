/**
 * When an access event really happened. `at` is what the kiosk believed when it recorded the event, and never changes: the
 * chain is never rewritten. Where a later check found that the kiosk had been wrong, it says so in an event of its own,
 * `clock_corrected`, and anyone who holds both can work out the truth.
 */
import type { AccessEvent } from './access-event.ts';

/**
 * `recorded`: nothing is known against it. `corrected`: worked out from the uptime of the same run, good to the accuracy of the
 * check. `estimated`: recorded in an earlier run; from the machine's clock, if it was left alone since.
 */
export const eventTimeBases = ['recorded', 'corrected', 'estimated'] as const;

export interface EventTime {
  /** ms since the epoch. */
  readonly at: number;
  readonly basis: (typeof eventTimeBases)[number];
}

/** `corrections` are the `clock_corrected` events of the same journal, in any order. */
export const timeOfEvent = (event: AccessEvent, corrections: readonly AccessEvent[]): EventTime => {
  const covering = corrections.find(
    ({ correction, sequence }) =>
      correction !== undefined && correction.afterSequence < event.sequence && event.sequence < sequence,
  );
  const truth = covering?.clock;
  if (!covering?.correction || !truth) return { at: event.at, basis: 'recorded' };
  const { clock } = event;
  if (clock?.run === truth.run) {
    return { at: covering.at - (truth.uptimeMs - clock.uptimeMs), basis: 'corrected' };
  }
  // It happened after the last check that found the clock right, and before the run began in which the truth was learned.
  const earliest = covering.correction.checkedAt ?? 0;
  const latest = Math.max(earliest, covering.at - truth.uptimeMs);
  const byMachine = clock ? clock.machine - (truth.machine - covering.at) : NaN;
  const at =
    byMachine >= earliest && byMachine <= latest ? byMachine : Math.min(latest, Math.max(earliest, event.at));
  return { at, basis: 'estimated' };
};
