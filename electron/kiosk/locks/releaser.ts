/**
 * Gives a lock back when the back office has ordered it and a person asks for it. The lock gives up its key, so the access
 * event is what the backend learns of it by; asked again, a lock that has done it already says so.
 */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { Journal } from '../journal/journal.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import { mayRelease } from '../visit/rights.ts';
import type { Visits } from '../visit/visit.ts';

const releaseMs = 10_000;

export interface Releaser {
  /** `lock.not_to_be_released` unless it was ordered; `lock.outcome_unknown` where asking again found nothing out either. */
  release(serialNumber: string, staffId: string, signal: AbortSignal): Promise<Result<null>>;
}

export interface ReleaserOptions {
  readonly driver: Pick<LockDriver, 'release'>;
  readonly visits: Visits;
  readonly journal: Pick<Journal, 'record'>;
}

export const createReleaser = ({ driver, visits, journal }: ReleaserOptions): Releaser => ({
  release: (serialNumber, staffId, signal) =>
    visits.inTurn('person', serialNumber, async () => {
      const met = await visits.meet(mayRelease, { serialNumber, signal });
      if (!met.ok) return met;
      const { lock, order } = met.value;
      const token = new Uint8Array(Buffer.from(order.token, 'base64'));
      // A lost answer is made good by asking again: a lock that is released already answers that it is.
      const released = await visits.ask({ ...lock, signal, again: true }, (lent) =>
        driver.release(serialNumber, lent, token, { deadlineMs: releaseMs, signal }),
      );
      if (!released.ok) return released;
      // Where the disk does not take it now, the journal keeps it and tries again.
      await journal.record({ kind: 'lock_released', staffId, serialNumber, orderId: order.orderId });
      return ok(null);
    }),
});
