/** What a person asks of a lock beside opening it. Unlike an unlock, these move no bolt and can be repeated at will. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import type { LockCredentials, LockDriver, LockOperation, RingEvent } from '../link/lock-driver.ts';
import type { Credentials } from './credentials.ts';
import type { LockDirectory } from './lock-directory.ts';
import { readWholeRing } from './lock-record.ts';
import type { Nearby } from './nearby.ts';
import type { OperationSlot } from './operation-slot.ts';

const operationMs = 10_000;
const hearMs = 2_000;

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
  readonly directory: LockDirectory;
  readonly nearby: Nearby;
  readonly credentials: Credentials;
  readonly slot: OperationSlot;
  /** Told what a lock has said of its bolt. */
  readonly onBolt: (serialNumber: string, bolt: 'open' | 'locked') => void;
}

export const createLockOperations = (options: LockOperationsOptions): LockOperations => {
  const { driver, directory, nearby, credentials, slot, onBolt } = options;

  const inTurn = async <T>(
    serialNumber: string,
    signal: AbortSignal,
    act: (operation: LockOperation) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const turn = await slot.claim('person', serialNumber);
    if (!turn.ok) return turn;
    try {
      await nearby.waitFor(serialNumber, hearMs, signal);
      return signal.aborted
        ? fail('lock.cancelled', { serialNumber })
        : await act({ deadlineMs: operationMs, signal });
    } finally {
      turn.value.release();
    }
  };

  const isKnown = (serialNumber: string): boolean =>
    directory.lock(serialNumber) !== null && directory.hasKey(serialNumber);

  const withKey = <T>(
    serialNumber: string,
    use: (credentials: LockCredentials) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const lock = directory.openable(serialNumber);
    return lock.ok
      ? credentials.lend(serialNumber, lock.value.deviceCertificate, use)
      : Promise.resolve(lock);
  };

  return {
    ask: (serialNumber, signal) =>
      inTurn(serialNumber, signal, async (operation) => {
        const status = await withKey(serialNumber, (lent) => driver.status(serialNumber, lent, operation));
        if (!status.ok) return status;
        const bolt = status.value.boltOpen ? 'open' : 'locked';
        onBolt(serialNumber, bolt);
        return ok({ bolt, battery: status.value.battery });
      }),
    ring: (serialNumber, signal) =>
      inTurn(serialNumber, signal, (operation) =>
        withKey(serialNumber, (lent) =>
          readWholeRing((after) => driver.events(serialNumber, lent, after, operation)),
        ),
      ),
    identify: (serialNumber, signal) =>
      inTurn(serialNumber, signal, (operation) =>
        // A lock that this kiosk has a key for is asked with it, whatever is advertised in its name.
        !isKnown(serialNumber) && nearby.get(serialNumber)?.provisioned === false
          ? driver.identify(serialNumber, null, operation)
          : withKey(serialNumber, (lent) => driver.identify(serialNumber, lent, operation)),
      ),
  };
};
