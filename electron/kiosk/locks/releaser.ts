/**
 * Gives a lock back when the back office has ordered it and a person asks for it. The lock gives up its key, so the access
 * event is what the backend learns of it by; asked again, a lock that has done it already says so.
 */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Journal } from '../journal/journal.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import type { Credentials } from './credentials.ts';
import type { LockDirectory } from './lock-directory.ts';
import type { Nearby } from './nearby.ts';
import type { OperationSlot } from './operation-slot.ts';
import type { LockRelease, StoreLock } from './store-locks.ts';

const releaseMs = 10_000;
const hearMs = 2_000;
/** A lost answer is made good by asking again: a lock that is released already answers that it is. */
const mostTries = 2;

export interface Releaser {
  /** `lock.not_to_be_released` unless it was ordered; `lock.outcome_unknown` where asking again found nothing out either. */
  release(serialNumber: string, staffId: string, signal: AbortSignal): Promise<Result<null>>;
}

export interface ReleaserOptions {
  readonly driver: Pick<LockDriver, 'release'>;
  readonly directory: LockDirectory;
  readonly nearby: Pick<Nearby, 'get' | 'waitFor'>;
  readonly credentials: Credentials;
  readonly slot: OperationSlot;
  readonly journal: Pick<Journal, 'record'>;
}

interface ToRelease {
  readonly lock: StoreLock;
  readonly order: LockRelease;
}

export const createReleaser = (options: ReleaserOptions): Releaser => {
  const { driver, directory, nearby, credentials, slot, journal } = options;

  /** Unlike for an unlock it is no obstacle that the lock says it is new: its last answer may have got lost. */
  const toRelease = (serialNumber: string): Result<ToRelease> => {
    const lock = directory.lock(serialNumber);
    if (lock === null) return fail('lock.other_store', { serialNumber });
    if (lock.release === null) return fail('lock.not_to_be_released', { serialNumber });
    const { obstacle } = directory.permission();
    if (obstacle) return { ok: false, error: obstacle };
    if (!directory.hasKey(serialNumber)) return fail('lock.no_key', { serialNumber });
    if (!nearby.get(serialNumber)) return fail('lock.not_near', { serialNumber });
    return ok({ lock, order: lock.release });
  };

  const tell = async ({ lock, order }: ToRelease, signal: AbortSignal): Promise<Result<null>> => {
    const { serialNumber, deviceCertificate } = lock;
    const token = new Uint8Array(Buffer.from(order.token, 'base64'));
    let outcome: Result<null> = fail('lock.cancelled', { serialNumber });
    for (let tries = 0; tries < mostTries && !signal.aborted; tries += 1) {
      outcome = await credentials.lend(serialNumber, deviceCertificate, (lent) =>
        driver.release(serialNumber, lent, token, { deadlineMs: releaseMs, signal }),
      );
      if (outcome.ok || outcome.error.code !== 'lock.outcome_unknown') break;
    }
    return outcome;
  };

  return {
    release: async (serialNumber, staffId, signal) => {
      const turn = await slot.claim('person', serialNumber);
      if (!turn.ok) return turn;
      try {
        await nearby.waitFor(serialNumber, hearMs, signal);
        if (signal.aborted) return fail('lock.cancelled', { serialNumber });
        const found = toRelease(serialNumber);
        if (!found.ok) return found;
        const released = await tell(found.value, signal);
        if (!released.ok) return released;
        // Where the disk does not take it now, the journal keeps it and tries again.
        const { orderId } = found.value.order;
        await journal.record({ kind: 'lock_released', staffId, serialNumber, orderId });
        return ok(null);
      } finally {
        turn.value.release();
      }
    },
  };
};
