/** Everything that a person can ask of locks, put together. */
import type { LockDriver } from '../link/lock-driver.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { Nearby } from '../visit/nearby.ts';
import type { OperationSlot } from '../visit/operation-slot.ts';
import type { Visits } from '../visit/visit.ts';
import { createBoltFollower } from './bolt-follower.ts';
import { createBoltQuestion, type BoltQuestion } from './bolt-question.ts';
import type { LockConcerns } from './concerns.ts';
import { createGroupBolts } from './group-bolts.ts';
import { createGroupUnlock, type GroupUnlock } from './group-unlock.ts';
import { createLockOperations, type LockOperations } from './lock-operations.ts';
import { createPreparer, type Preparer } from './preparer.ts';
import { createReleaser, type Releaser } from './releaser.ts';
import { createUnlocker, type Unlocker, type UnlockerOptions } from './unlocker.ts';
import { createUnlockService, type UnlockService } from './unlock-service.ts';

export interface LockServices {
  readonly unlocks: UnlockService;
  readonly group: GroupUnlock;
  readonly preparer: Preparer;
  readonly operations: LockOperations;
  readonly releaser: Releaser;
  readonly stageMedians: Unlocker['stageMedians'];
  /** Stops every unlock whose command has not left: the kiosk may not open anything any more. */
  stopAny(): void;
  /** Stops what can be stopped, and resolves when all of it has its end. */
  dispose(): Promise<void>;
}

export interface LockServicesOptions extends UnlockerOptions {
  readonly driver: LockDriver;
  readonly directory: LockDirectory;
  readonly nearby: Nearby;
  readonly visits: Visits;
  readonly slot: Pick<OperationSlot, 'isFree'>;
  readonly concerns: Pick<LockConcerns, 'ended' | 'told'>;
}

export const createLockServices = (options: LockServicesOptions): LockServices => {
  const unlocker = createUnlocker(options);
  const { concerns } = options;
  const askBolt = createBoltQuestion(options);
  const ask: BoltQuestion = async (serialNumber, signal) => {
    const answer = await askBolt(serialNumber, signal);
    if (answer === 'open' || answer === 'locked') await concerns.told(serialNumber);
    return answer;
  };
  const follower = createBoltFollower({ ...options, ask });
  const bolts = createGroupBolts({ ...options, ask });
  const unlocks = createUnlockService({ ...options, unlocker, follower });
  const group = createGroupUnlock({ ...options, unlocker, follower, bolts });
  const operations = createLockOperations({
    ...options,
    onBolt: (serialNumber, bolt) => {
      void concerns.told(serialNumber);
      unlocks.boltIs(serialNumber, bolt);
      group.boltIs(serialNumber, bolt);
    },
  });
  return {
    unlocks,
    group,
    operations,
    preparer: createPreparer(options),
    releaser: createReleaser(options),
    stageMedians: () => unlocker.stageMedians(),
    stopAny: () => {
      unlocks.stopAny();
      group.stopAny();
    },
    dispose: async () => {
      await Promise.all([unlocks.dispose(), group.dispose()]);
    },
  };
};
