/** Asks a lock, authenticated, what its bolt does: work of the kiosk's own, for which nobody who stands there waits. */
import { ok } from '#shared/errors/app-error.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { StoreLock } from '../visit/store-locks.ts';
import type { Visits } from '../visit/visit.ts';

const askDeadlineMs = 6_000;

/** `not_now`: somebody else was at work, or came. `not_known`: it could not be asked, or did not answer. */
export type BoltAnswer = 'open' | 'locked' | 'not_known' | 'not_now';

/** Never rejects. */
export type BoltQuestion = (serialNumber: string, signal: AbortSignal) => Promise<BoltAnswer>;

export interface BoltQuestionOptions {
  readonly driver: Pick<LockDriver, 'status'>;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly visits: Pick<Visits, 'inTurn' | 'ask'>;
}

export const createBoltQuestion = ({ driver, directory, visits }: BoltQuestionOptions): BoltQuestion => {
  const ask = async (
    { serialNumber, deviceCertificate }: StoreLock,
    signal: AbortSignal,
    yielded: AbortSignal,
  ): Promise<BoltAnswer> => {
    const either = AbortSignal.any([signal, yielded]);
    const status = await visits.ask({ serialNumber, deviceCertificate, signal: either }, (lent) =>
      driver.status(serialNumber, lent, { deadlineMs: askDeadlineMs, signal: either }),
    );
    if (status.ok) return status.value.boltOpen ? 'open' : 'locked';
    return yielded.aborted ? 'not_now' : 'not_known';
  };

  return async (serialNumber, signal) => {
    const lock = directory.lock(serialNumber);
    const answer = await visits.inTurn('background', serialNumber, async (yielded) =>
      ok(lock ? await ask(lock, signal, yielded).catch(() => 'not_known' as const) : ('not_known' as const)),
    );
    return answer.ok ? answer.value : 'not_now';
  };
};
