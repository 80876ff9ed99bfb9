/** One promise of `LockDriver`, put to the test. */
import type { ErrorCode } from '#shared/errors/table.ts';
import type { LockDriver } from '#kiosk/link/lock-driver.ts';
import { insist } from './broken-promise.ts';
import type { Observed } from './observe.ts';
import type { LockState, World, WorldLock } from './world.ts';

export interface CheckContext {
  readonly world: World;
  readonly driver: LockDriver;
  /** A lock in this state. Throws `NoSuchLock`, and the check is skipped, where the world has none. */
  lock(state: LockState): Promise<WorldLock>;
}

export interface Check {
  /** `subject.what`, stable. */
  readonly id: string;
  /** The promise, in words. */
  readonly promise: string;
  readonly run: (context: CheckContext) => Promise<void>;
}

/** The promise can't be put to the test here. */
export class Skipped extends Error {}

/** The world has no lock in this state. */
export class NoSuchLock extends Skipped {
  constructor(state: LockState) {
    super(`the world has no lock that is "${state}"`);
  }
}

export const check = (id: string, promise: string, run: Check['run']): Check => ({ id, promise, run });

const told = ({ result }: Observed<unknown>): string => {
  if (result.ok) return 'ok';
  const { reason } = result.error.params;
  return reason === undefined ? result.error.code : `${result.error.code} (${reason})`;
};

export const insistOk = <T>(observed: Observed<T>): T => {
  insist(observed.result.ok, `${observed.what} answered ${told(observed)} instead of ok`);
  return observed.result.value;
};

export const insistError = (observed: Observed<unknown>, ...codes: readonly ErrorCode[]): void => {
  const { result } = observed;
  const fits = !result.ok && codes.includes(result.error.code);
  insist(fits, `${observed.what} answered ${told(observed)} instead of ${codes.join(' or ')}`);
};
