/**
 * Being at a lock: taking the turn, waiting to hear it, whether it may be, its key lent and wiped, asking again where an answer
 * got lost, giving the turn back. What is wanted at the lock is its caller's.
 */
import { fail, type Result } from '#shared/errors/app-error.ts';
import type { LockCredentials } from '../link/lock-driver.ts';
import type { Credentials } from './credentials.ts';
import type { LockDirectory } from './lock-directory.ts';
import type { Nearby } from './nearby.ts';
import type { Claim, OperationSlot } from './operation-slot.ts';
import type { Right } from './rights.ts';

/** A lock that was not heard for a moment gets this long to be heard before it is called not near. */
export const hearMs = 2_000;
/** Where asking again is safe, it is asked so often in all. */
const mostTries = 2;

export interface Meeting {
  readonly serialNumber: string;
  readonly signal: AbortSignal;
  /** Milliseconds to wait for a lock that is not heard now; `hearMs` unless it says otherwise. */
  readonly hearMs?: number;
}

export interface LockQuery {
  readonly serialNumber: string;
  /** X.509 DER of the genuine lock, base64. */
  readonly deviceCertificate: string;
  /** Nothing is asked once it is aborted. */
  readonly signal: AbortSignal;
  /** What it does can be done twice: where the outcome is not known, the lock is asked once more. */
  readonly again?: boolean;
}

export interface Visits {
  /**
   * Runs `work` in a turn, which ends when it has settled, however. `lock.busy` where there is none to be had. `yielded` is aborted
   * once a person goes before the kiosk's own work.
   */
  inTurn<T>(
    claim: Claim,
    serialNumber: string,
    work: (yielded: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>>;
  /** In a turn: waits until the lock is heard, then asks for the right. `lock.cancelled` once `signal` is aborted. */
  meet<T>(right: Right<T>, meeting: Meeting): Promise<Result<T>>;
  /** Lends the lock's credentials to `use`, as `Credentials` does. `lock.cancelled` where `signal` was aborted before it came to that. */
  ask<T>(asking: LockQuery, use: (credentials: LockCredentials) => Promise<Result<T>>): Promise<Result<T>>;
}

export interface VisitsOptions {
  readonly slot: Pick<OperationSlot, 'claim'>;
  readonly nearby: Pick<Nearby, 'waitFor'>;
  readonly directory: Pick<LockDirectory, 'situation'>;
  readonly credentials: Credentials;
}

export const createVisits = ({ slot, nearby, directory, credentials }: VisitsOptions): Visits => ({
  inTurn: async (claim, serialNumber, work) => {
    const turn = await slot.claim(claim, serialNumber);
    if (!turn.ok) return turn;
    try {
      return await work(turn.value.yielded);
    } finally {
      turn.value.release();
    }
  },
  meet: async (right, { serialNumber, signal, hearMs: waitMs = hearMs }) => {
    await nearby.waitFor(serialNumber, waitMs, signal);
    if (signal.aborted) return fail('lock.cancelled', { serialNumber });
    return right(directory.situation(serialNumber));
  },
  ask: async <T>(
    { serialNumber, deviceCertificate, signal, again = false }: LockQuery,
    use: (credentials: LockCredentials) => Promise<Result<T>>,
  ) => {
    const cancelled: Result<T> = fail('lock.cancelled', { serialNumber });
    // A key takes its time, and so does the answer to a first one.
    const useUnlessStopped = (lent: LockCredentials): Promise<Result<T>> =>
      signal.aborted ? Promise.resolve(cancelled) : use(lent);
    let outcome = cancelled;
    for (let tries = again ? mostTries : 1; tries > 0 && !signal.aborted; tries -= 1) {
      outcome = await credentials.lend(serialNumber, deviceCertificate, useUnlessStopped);
      if (outcome.ok || outcome.error.code !== 'lock.outcome_unknown') break;
    }
    return outcome;
  },
});
