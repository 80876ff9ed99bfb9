/** What of the journal somebody should look into. */
import type { ActivitySummary, Attention } from '#shared/ipc/activity.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Concerns } from '../locks/concerns.ts';
import type { Names } from './names.ts';
import { outcomeOf } from './outcomes.ts';

const hourMs = 3_600_000;
/** So many refusals of one person after each other, within a day, are said. */
const inARow = 3;
const lookedBackMs = 24 * hourMs;
/** What has waited for less is on its way. */
const notSentForMs = hourMs;

interface Run {
  readonly at: number;
  count: number;
  isOver: boolean;
}

/** Sees the journal's events, the newest first, and says what came of them. */
export const createAttention = (now: number, names: Names, concerns: Concerns) => {
  const runs = new Map<string, Run>();
  let waiting = 0;
  let oldestWaiting = Infinity;

  const unknown = (): Attention[] => {
    const since = [...concerns].flatMap(([serialNumber, { unknownSince }]) =>
      unknownSince === null ? [] : [{ serialNumber, unknownSince }],
    );
    const first = since.toSorted((a, b) => a.unknownSince - b.unknownSince)[0];
    if (!first) return [];
    const { serialNumber, unknownSince } = first;
    const lock = { serialNumber, name: names.lock(serialNumber)?.name ?? null };
    return [{ kind: 'unknown', count: since.length, lock, since: unknownSince }];
  };
  const refusals = (): Attention[] => {
    const most = [...runs].toSorted(([, a], [, b]) => b.count - a.count)[0];
    if (!most || most[1].count < inARow) return [];
    const [staffId, { count, at }] = most;
    return [{ kind: 'refusals', count, person: { staffId, name: names.person(staffId) }, at }];
  };
  const notSent = (): Attention[] =>
    waiting > 0 && now - oldestWaiting >= notSentForMs
      ? [{ kind: 'not_sent', count: waiting, since: oldestWaiting }]
      : [];

  return {
    see: (event: AccessEvent, at: number, waits: boolean): void => {
      if (waits) {
        waiting += 1;
        oldestWaiting = Math.min(oldestWaiting, at);
      }
      if (event.staffId === null || now - at > lookedBackMs) return;
      const outcome = outcomeOf(event);
      const run = runs.get(event.staffId) ?? { at, count: 0, isOver: false };
      runs.set(event.staffId, run);
      if (outcome === 'refused' && !run.isOver) run.count += 1;
      // What went well ends it; to sign out, or to look at a lock, does not.
      else if (outcome === 'opened' || event.kind === 'signed_in') run.isOver = true;
    },
    lines: (): ActivitySummary['attention'] => [...unknown(), ...refusals(), ...notSent()],
  };
};
