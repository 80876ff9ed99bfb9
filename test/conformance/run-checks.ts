/** Runs the checks against a driver: each with a world and a driver of its own. */
import { ok } from '#shared/errors/app-error.ts';
import type { LockDriver } from '#kiosk/link/lock-driver.ts';
import { BrokenPromise } from './broken-promise.ts';
import { NoSuchLock, Skipped, type Check } from './check.ts';
import { commitmentChecks } from './checks/commitment.ts';
import { conductChecks } from './checks/conduct.ts';
import { enrolmentChecks } from './checks/enrolment.ts';
import { presenceChecks } from './checks/presence.ts';
import { prepareChecks } from './checks/prepare.ts';
import { releaseChecks } from './checks/release.ts';
import { ringChecks } from './checks/ring.ts';
import { unlockChecks } from './checks/unlock.ts';
import { begin } from './observe.ts';
import type { DriverModule, LockState, World, WorldLock } from './world.ts';

export const checks: readonly Check[] = [
  ...presenceChecks,
  ...enrolmentChecks,
  ...unlockChecks,
  ...commitmentChecks,
  ...ringChecks,
  ...releaseChecks,
  ...prepareChecks,
  ...conductChecks,
];

export interface CheckReport {
  readonly id: string;
  readonly promise: string;
  readonly outcome: 'kept' | 'broken' | 'skipped';
  /** What the driver did instead, or why the check was skipped; empty where the promise was kept. */
  readonly detail: string;
}

/** By the wall clock: a driver that is still being made has no other yet. */
const makingMs = 60_000;

/** There will be no driver, so there is nothing to check. */
class NeverMade extends Error {}

const outcomeOf = async (run: () => Promise<void>): Promise<Pick<CheckReport, 'outcome' | 'detail'>> => {
  try {
    await run();
    return { outcome: 'kept', detail: '' };
  } catch (error) {
    if (error instanceof NeverMade) throw error;
    if (error instanceof Skipped) return { outcome: 'skipped', detail: error.message };
    if (error instanceof BrokenPromise) return { outcome: 'broken', detail: error.message };
    return { outcome: 'broken', detail: `the check itself broke: ${String(error)}` };
  }
};

const cleanUp = (world: World, driver: LockDriver): Promise<unknown> =>
  begin(world, 'dispose', () => driver.dispose().then(() => ok(null)), { deadlineMs: 1000 })
    .finish()
    .catch(() => null);

/** The module's driver. Throws `BrokenPromise` where making one fails, and `NeverMade` where that does not end. */
const makeDriver = async <Own extends World>(
  module: DriverModule<Own>,
  world: Own,
  longestMs: number,
): Promise<LockDriver> => {
  const made = async (): Promise<LockDriver> => {
    try {
      return await module.createDriver(world);
    } catch (error) {
      throw new BrokenPromise(`createDriver threw or rejected: ${String(error)}`);
    }
  };
  const tooLate = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => tooLate.reject(new NeverMade(`createDriver has not answered within ${longestMs / 1000} s`)),
    longestMs,
  );
  try {
    return await Promise.race([made(), tooLate.promise]);
  } finally {
    clearTimeout(timer);
  }
};

const runCheck = async <Own extends World>(
  { id, promise, run }: Check,
  module: DriverModule<Own>,
  createWorld: () => Promise<Own>,
  longestMs: number,
): Promise<CheckReport> => {
  const world = await createWorld();
  try {
    const outcome = await outcomeOf(async () => {
      const driver = await makeDriver(module, world, longestMs);
      try {
        const lock = async (state: LockState): Promise<WorldLock> => {
          const found = await world.lock(state);
          if (found === null) throw new NoSuchLock(state);
          return found;
        };
        await run({ world, driver, lock });
      } finally {
        // Whether it ends as promised is a check of its own.
        await cleanUp(world, driver);
      }
    });
    return { id, promise, ...outcome };
  } finally {
    await world.dispose();
  }
};

/**
 * `wanted`: ids of checks; all of them unless given. `told` hears of each report as it comes. Rejects where a driver is not made
 * within `longestMs` of the wall clock.
 */
export const runChecks = async <Own extends World>(
  module: DriverModule<Own>,
  createWorld: () => Promise<Own>,
  {
    wanted,
    told,
    longestMs = makingMs,
  }: {
    readonly wanted?: readonly string[];
    readonly told?: (report: CheckReport) => void;
    readonly longestMs?: number;
  } = {},
): Promise<readonly CheckReport[]> => {
  const reports: CheckReport[] = [];
  for (const each of checks) {
    if (wanted && !wanted.includes(each.id)) continue;
    const report = await runCheck(each, module, createWorld, longestMs);
    told?.(report);
    reports.push(report);
  }
  return reports;
};
