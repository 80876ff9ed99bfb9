/**
 * Who has opened a lock that says it is open, and that this kiosk has not opened: asked of the lock's own record, authenticated. A
 * second kiosk of the store opens locks, too, and that is no alarm.
 */
import { ok } from '#shared/errors/app-error.ts';
import { actorHash } from '../journal/actor-hash.ts';
import type { LockDriver, RingEvent } from '../link/lock-driver.ts';
import { readWholeRing } from '../locks/lock-record.ts';
import type { Clock } from '../platform/clock.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { Visits } from '../visit/visit.ts';

const askDeadlineMs = 6_000;
/** A lock's clock may be behind, and ahead by as much. */
const agoMs = 10 * 60_000;

/** `not_now`: somebody else was at work, or came. `not_known`: the lock could not be asked, or did not answer. */
export type OpenedBy = 'staff' | 'nobody' | 'not_known' | 'not_now';

/** Never rejects. */
export type OpenedByQuestion = (serialNumber: string, signal: AbortSignal) => Promise<OpenedBy>;

export interface OpenedByOptions {
  readonly driver: Pick<LockDriver, 'events'>;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly visits: Pick<Visits, 'inTurn' | 'ask'>;
  /** Everybody whom the store knows. */
  readonly staffIds: () => readonly string[];
  readonly clock: Pick<Clock, 'now'>;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const createOpenedBy = (options: OpenedByOptions): OpenedByQuestion => {
  const { driver, directory, visits, staffIds, clock } = options;

  const isBySomebodyNow = (events: readonly RingEvent[]): boolean => {
    const last = events.findLast(({ kind }) => kind === 'unlocked');
    if (!last?.actorHash || Math.abs(clock.now() - last.at) > agoMs) return false;
    const by = hex(last.actorHash);
    return staffIds().some((staffId) => hex(actorHash(staffId)) === by);
  };

  return async (serialNumber, signal) => {
    const lock = directory.lock(serialNumber);
    if (!lock) return 'not_known';
    const { deviceCertificate } = lock;
    const answer = await visits.inTurn<OpenedBy>('background', serialNumber, async (yielded) => {
      const either = AbortSignal.any([signal, yielded]);
      const operation = { deadlineMs: askDeadlineMs, signal: either };
      try {
        const ring = await visits.ask({ serialNumber, deviceCertificate, signal: either }, (lent) =>
          readWholeRing((after) => driver.events(serialNumber, lent, after, operation)),
        );
        if (ring.ok) return ok(isBySomebodyNow(ring.value) ? 'staff' : 'nobody');
      } catch {
        return ok('not_known');
      }
      return ok(yielded.aborted ? 'not_now' : 'not_known');
    });
    return answer.ok ? answer.value : 'not_now';
  };
};
