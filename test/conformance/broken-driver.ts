/**
 * The open driver with one promise broken at a time: proof that the suite notices. As a file for `--driver` it breaks
 * several of them together.
 */
import { ReplaySubject } from 'rxjs';
import { fail, type Result } from '#shared/errors/app-error.ts';
import type { LockCredentials, LockDriver, LockOperation, Unlocked } from '#kiosk/link/lock-driver.ts';
import { custodyDefects } from './custody-defects.ts';
import { createDriver as createSoundDriver } from './open-driver.ts';
import type { OpenWorld } from './open-world.ts';

type Breaks = (driver: LockDriver, world: OpenWorld) => LockDriver;
type Unlock = LockDriver['unlock'];

const withUnlock = (driver: LockDriver, unlock: Unlock): LockDriver => ({ ...driver, unlock });

/** Changes what an unlock is given. */
const limits =
  (change: (operation: LockOperation) => LockOperation): Breaks =>
  (driver) =>
    withUnlock(driver, (serialNumber, credentials, command, operation) =>
      driver.unlock(serialNumber, credentials, command, change(operation)),
    );

/** Changes what an unlock answers. */
const answers =
  (
    change: (result: Result<Unlocked>, again: () => Promise<Result<Unlocked>>) => ReturnType<Unlock>,
  ): Breaks =>
  (driver) =>
    withUnlock(driver, async (...call) => change(await driver.unlock(...call), () => driver.unlock(...call)));

const isUnknown = (result: Result<unknown>): boolean =>
  !result.ok && result.error.code === 'lock.outcome_unknown';

const withoutSignal = ({ deadlineMs, onStage, onCommitted }: LockOperation): LockOperation => ({
  deadlineMs,
  ...(onStage === undefined ? {} : { onStage }),
  ...(onCommitted === undefined ? {} : { onCommitted }),
});
const withoutCommitment = ({ deadlineMs, signal, onStage }: LockOperation): LockOperation => ({
  deadlineMs,
  ...(signal === undefined ? {} : { signal }),
  ...(onStage === undefined ? {} : { onStage }),
});

export const defects = {
  rejects: answers((result) => {
    if (!result.ok && result.error.code === 'lock.not_near') return Promise.reject(new Error('not near'));
    return Promise.resolve(result);
  }),
  outlivesItsDeadline: limits((operation) => ({ ...operation, deadlineMs: operation.deadlineMs * 2 })),
  takesUnknownForOpen: answers((result) =>
    Promise.resolve(isUnknown(result) ? { ok: true, value: { holdOpenSeconds: 5 } } : result),
  ),
  triesAgain: answers((result, again) => (isUnknown(result) ? again() : Promise.resolve(result))),
  neverCommits: limits((operation) => withoutCommitment(operation)),
  commitsAfterwards: (driver) =>
    withUnlock(driver, async (serialNumber, credentials, command, operation) => {
      const held = withoutCommitment(operation);
      const result = await driver.unlock(serialNumber, credentials, command, held);
      if (result.ok) operation.onCommitted?.();
      return result;
    }),
  cannotBeStopped: limits((operation) => withoutSignal(operation)),
  stopsTooLate: (driver) =>
    withUnlock(driver, async (serialNumber, credentials, command, operation) => {
      const result = await driver.unlock(serialNumber, credentials, command, operation);
      return operation.signal?.aborted ? fail('lock.cancelled', { serialNumber }) : result;
    }),
  tellsStagesBackwards: limits((operation) => {
    const backwards = {
      find: 'actuate',
      connect: 'authenticate',
      authenticate: 'connect',
      actuate: 'find',
    } as const;
    return { ...operation, onStage: (stage) => operation.onStage?.(backwards[stage]) };
  }),
  speaksItsOwnWords: answers((result) => {
    const refused = !result.ok && result.error.code === 'lock.refused';
    return Promise.resolve(refused ? fail('internal.unexpected') : result);
  }),
  queuesInsteadOfBusy: (driver) => {
    let turn: Promise<unknown> = Promise.resolve();
    return withUnlock(driver, (...call) => {
      const mine = turn.then(() => driver.unlock(...call));
      turn = mine;
      return mine;
    });
  },
  replaysSightings: (driver) => {
    const sightings$ = new ReplaySubject<Parameters<Parameters<LockDriver['sightings$']['forEach']>[0]>[0]>(
      1,
    );
    driver.sightings$.subscribe(sightings$);
    return { ...driver, sightings$ };
  },
  keepsKeys: (driver) => {
    const kept = new Map<string, LockCredentials>();
    return withUnlock(driver, (serialNumber, credentials, command, operation) => {
      const first = kept.get(serialNumber) ?? credentials;
      kept.set(serialNumber, first);
      return driver.unlock(serialNumber, first, command, operation);
    });
  },
  logsKeys: (driver, { logger }) =>
    withUnlock(driver, (serialNumber, credentials, command, operation) => {
      logger.debug('unlocking', { key: Buffer.from(credentials.privateKey).toString('hex') });
      return driver.unlock(serialNumber, credentials, command, operation);
    }),
  ...custodyDefects,
  goesOnAfterDispose: (driver) => ({ ...driver, dispose: () => Promise.resolve() }),
  neverFinishesDispose: (driver) => ({ ...driver, dispose: () => new Promise<void>(() => undefined) }),
} satisfies Record<string, Breaks>;
export type Defect = keyof typeof defects;

export const createBrokenDriver = (world: OpenWorld, defect: Defect): LockDriver =>
  defects[defect](createSoundDriver(world), world);

const severalAtOnce: readonly Defect[] = ['takesUnknownForOpen', 'speaksItsOwnWords', 'logsKeys', 'rejects'];

export const createDriver = (world: OpenWorld): LockDriver =>
  severalAtOnce.reduce((driver, defect) => defects[defect](driver, world), createSoundDriver(world));
