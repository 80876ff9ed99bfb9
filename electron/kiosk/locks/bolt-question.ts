/** Asks a lock, authenticated, what its bolt does: work of the kiosk's own, for which nobody who stands there waits. */
import type { LockDriver } from '../link/lock-driver.ts';
import type { Credentials } from './credentials.ts';
import type { LockDirectory } from './lock-directory.ts';
import type { OperationSlot } from './operation-slot.ts';

const askDeadlineMs = 6_000;

/** `not_now`: somebody else was at work, or came. `not_known`: it could not be asked, or did not answer. */
export type BoltAnswer = 'open' | 'locked' | 'not_known' | 'not_now';

/** Never rejects. */
export type BoltQuestion = (serialNumber: string, signal: AbortSignal) => Promise<BoltAnswer>;

export interface BoltQuestionOptions {
  readonly driver: Pick<LockDriver, 'status'>;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly credentials: Credentials;
  readonly slot: OperationSlot;
}

export const createBoltQuestion = (options: BoltQuestionOptions): BoltQuestion => {
  const { driver, directory, credentials, slot } = options;
  return async (serialNumber, signal) => {
    const lock = directory.lock(serialNumber);
    const turn = await slot.claim('background', serialNumber);
    if (!turn.ok) return 'not_now';
    const { yielded } = turn.value;
    try {
      if (!lock) return 'not_known';
      const status = await credentials.lend(serialNumber, lock.deviceCertificate, (lent) =>
        driver.status(serialNumber, lent, {
          deadlineMs: askDeadlineMs,
          signal: AbortSignal.any([signal, yielded]),
        }),
      );
      if (status.ok) return status.value.boltOpen ? 'open' : 'locked';
      return yielded.aborted ? 'not_now' : 'not_known';
    } catch {
      return 'not_known';
    } finally {
      turn.value.release();
    }
  };
};
