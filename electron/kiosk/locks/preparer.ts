/**
 * Connects to the lock that a person seems about to open. It is only ever a guess: it waits for nothing, disturbs nothing,
 * answers nothing, and is made so seldom that no lock's battery pays for a finger that wanders over the screen.
 */
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { OperationSlot } from '../visit/operation-slot.ts';
import { mayOpen } from '../visit/rights.ts';

export interface Preparer {
  prepare(serialNumber: string): void;
}

export interface PreparerOptions {
  readonly driver: Pick<LockDriver, 'prepare'>;
  readonly directory: Pick<LockDirectory, 'situation'>;
  readonly slot: Pick<OperationSlot, 'isFree'>;
  readonly clock: Clock;
}

const deadlineMs = 5_000;
/** So often in this time, and the same lock is not connected to any more on a mere guess. */
const mostGuesses = 4;
const guessesWithinMs = 60_000;
const mostLocks = 256;

export const createPreparer = ({ driver, directory, slot, clock }: PreparerOptions): Preparer => {
  const guesses = createBoundedMap<string, readonly number[]>(mostLocks);

  const mayGuess = (serialNumber: string): boolean => {
    const now = clock.monotonic();
    const recent = (guesses.get(serialNumber) ?? []).filter((at) => now - at < guessesWithinMs);
    if (recent.length >= mostGuesses) return false;
    guesses.set(serialNumber, [...recent, now]);
    return true;
  };

  return {
    prepare: (serialNumber) => {
      if (!driver.prepare || !slot.isFree()) return;
      const lock = mayOpen(directory.situation(serialNumber));
      if (!lock.ok || !mayGuess(serialNumber)) return;
      const deviceCertificate = new Uint8Array(Buffer.from(lock.value.deviceCertificate, 'base64'));
      // What stands in the way is said when the lock is really asked for.
      void driver.prepare(serialNumber, deviceCertificate, { deadlineMs });
    },
  };
};
