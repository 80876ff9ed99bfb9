/** What a person asks of a lock beside opening it. Unlike an unlock, these move no bolt and can be repeated at will. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import type { LockDriver, LockOperation, RingEvent } from '../link/lock-driver.ts';
import { mayIdentify, mayOpen, type Right } from '../visit/rights.ts';
import type { Visits } from '../visit/visit.ts';
import { readWholeRing } from './lock-record.ts';

const operationMs = 10_000;

export interface LockOperations {
  /** Asks the lock, authenticated, for its state. */
  ask(serialNumber: string, signal: AbortSignal): Promise<Result<CallOutput<'askLock'>>>;
  /** What the lock itself has kept of what it did, oldest first. */
  ring(serialNumber: string, signal: AbortSignal): Promise<Result<readonly RingEvent[]>>;
  /** Makes the lock blink and beep; a new lock needs no key for that. */
  identify(serialNumber: string, signal: AbortSignal): Promise<Result<null>>;
}

export interface LockOperationsOptions {
  readonly driver: Pick<LockDriver, 'status' | 'identify' | 'events'>;
  readonly visits: Visits;
  /** Told what a lock has said of its bolt. */
  readonly onBolt: (serialNumber: string, bolt: 'open' | 'locked') => void;
}

export const createLockOperations = ({ driver, visits, onBolt }: LockOperationsOptions): LockOperations => {
  /** A person's turn at the lock, from when it is heard and may be asked. */
  const visit = <T, Known>(
    right: Right<Known>,
    serialNumber: string,
    signal: AbortSignal,
    act: (known: Known, operation: LockOperation) => Promise<Result<T>>,
  ): Promise<Result<T>> =>
    visits.inTurn('person', serialNumber, async () => {
      const met = await visits.meet(right, { serialNumber, signal });
      return met.ok ? act(met.value, { deadlineMs: operationMs, signal }) : met;
    });

  return {
    ask: (serialNumber, signal) =>
      visit(mayOpen, serialNumber, signal, async (lock, operation) => {
        const status = await visits.ask({ ...lock, signal }, (lent) =>
          driver.status(serialNumber, lent, operation),
        );
        if (!status.ok) return status;
        const bolt = status.value.boltOpen ? 'open' : 'locked';
        onBolt(serialNumber, bolt);
        return ok({ bolt, battery: status.value.battery });
      }),
    ring: (serialNumber, signal) =>
      visit(mayOpen, serialNumber, signal, (lock, operation) =>
        visits.ask({ ...lock, signal }, (lent) =>
          readWholeRing((after) => driver.events(serialNumber, lent, after, operation)),
        ),
      ),
    identify: (serialNumber, signal) =>
      visit(mayIdentify, serialNumber, signal, (lock, operation) =>
        lock
          ? visits.ask({ ...lock, signal }, (lent) => driver.identify(serialNumber, lent, operation))
          : driver.identify(serialNumber, null, operation),
      ),
  };
};
