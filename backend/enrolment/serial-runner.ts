/** Keeps the line for serial numbers moving: when it is told that something has changed, and every few seconds. */
import { describeThrown } from '#shared/errors/thrown.ts';
import type { BackendPorts } from '../platform/ports.ts';
import type { ChangeHub } from '../store/change-hub.ts';
import type { Db } from '../store/database.ts';
import { takeStep } from './serial-steps.ts';
import { findLineWork, findLostToOthers } from './serial-work.ts';

const pollMs = 5_000;
/** Told of much at once, as when a kiosk sends hundreds, it looks for all of it together. */
const restMs = 100;
/** In one pass, of all stores. */
const mostSteps = 100;

export interface SerialRunner {
  /** Resolves once the step that is under way has ended. */
  dispose(): Promise<void>;
}

interface RunnerPorts {
  readonly db: Db;
  readonly tenantId: string;
  readonly hub: Pick<ChangeHub, 'onOutbox'>;
  readonly platform: BackendPorts;
  /** False while the database confirms no write. */
  mayWrite(): boolean;
}

/** Steps that were taken. One that fails costs no other. `isOver`: ends the pass after the present step. */
export const passLine = async (
  { db, tenantId, platform }: Pick<RunnerPorts, 'db' | 'tenantId' | 'platform'>,
  isOver: () => boolean = () => false,
): Promise<number> => {
  const now = (): number => platform.now();
  let taken = 0;
  const found = [
    ...(await findLineWork(db, tenantId, { now: now(), most: mostSteps })),
    ...(await findLostToOthers(db, tenantId, { most: mostSteps })),
  ];
  for (const work of found) {
    if (isOver()) break;
    try {
      if (await takeStep({ db, tenantId, now }, work)) taken++;
    } catch (failure) {
      platform.logger.warn('line for a serial number', describeThrown(failure));
    }
  }
  return taken;
};

export const createSerialRunner = (ports: RunnerPorts): SerialRunner => {
  const { platform } = ports;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let wanted = false;
  /** From the beginning of a look until a while after its end. */
  let isResting = false;
  let disposed = false;

  const isOver = (): boolean => disposed || !ports.mayWrite();
  const run = async (): Promise<void> => {
    try {
      // A step that was taken makes room for the next one.
      while (!isOver() && (await passLine(ports, isOver)) > 0);
    } catch (failure) {
      platform.logger.warn('line for serial numbers', describeThrown(failure));
    }
  };

  const look = (): void => {
    if (disposed || running) return;
    clearTimeout(timer);
    isResting = true;
    wanted = false;
    running = run().finally(() => {
      running = null;
      // What came while the last look was under way may not have been seen by it.
      if (!disposed) timer = setTimeout(rest, restMs);
    });
  };
  const rest = (): void => {
    isResting = false;
    if (wanted) look();
    else timer = setTimeout(look, pollMs);
  };
  const wake = (): void => {
    wanted = true;
    if (!isResting) look();
  };

  const unsubscribe = ports.hub.onOutbox(wake);
  look();
  return {
    dispose: async () => {
      disposed = true;
      unsubscribe();
      clearTimeout(timer);
      await running;
    },
  };
};
