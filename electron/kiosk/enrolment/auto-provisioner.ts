/**
 * Finishes enrolments by itself: as soon as one is registered, its key is here and its lock is near, one after the other.
 * A lock that does not work is tried again after a growing pause, a bounded number of times; then it waits until it has
 * been out of range, or until a person asks.
 */
import { combineLatest, type Observable } from 'rxjs';
import { backoffMs } from '#shared/flow/backoff.ts';
import type { Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { NearbyLocks } from '../visit/nearby.ts';
import type { OperationSlot } from '../visit/operation-slot.ts';
import type { KioskReadiness } from '../visit/kiosk-readiness.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import type { Provisioner } from './provisioner.ts';

/** 3 s, growing to 5 min, give or take a quarter. */
const pause = { firstMs: 3_750, longestMs: 375_000, chance: 0.4 };
const mostFailures = 8;
/** After being told that the kiosk is busy with something else. */
const busyPauseMs = 1_000;
const busyPause = { firstMs: 1_250, longestMs: 1_250, chance: 0.4 };

export interface AutoProvisioner {
  dispose(): Promise<void>;
}

export interface AutoProvisionerOptions {
  readonly enrolments$: Observable<readonly EnrolmentDocument[]>;
  readonly nearby$: Observable<NearbyLocks>;
  readonly keySerials$: Observable<ReadonlySet<string>>;
  readonly readiness$: Observable<KioskReadiness>;
  readonly provisioner: Provisioner;
  readonly slot: Pick<OperationSlot, 'isFree'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

interface Trouble {
  readonly failures: number;
  /** Monotonic time before which it is not tried again. */
  readonly notBefore: number;
}

interface Situation {
  readonly enrolments: readonly EnrolmentDocument[];
  readonly nearby: NearbyLocks;
  readonly keySerials: ReadonlySet<string>;
  readonly readiness: KioskReadiness;
}

export const createAutoProvisioner = (options: AutoProvisionerOptions): AutoProvisioner => {
  const { provisioner, slot, clock, random, logger } = options;
  const troubles = new Map<string, Trouble>();
  const stopper = new AbortController();
  let situation: Situation | null = null;
  let running: Promise<void> | null = null;
  let cancelLook = (): void => undefined;

  const lookAfter = (ms: number): void => {
    cancelLook();
    if (!stopper.signal.aborted) cancelLook = clock.after(ms, look);
  };

  const settle = (serialNumber: string, outcome: Result<null>): void => {
    if (outcome.ok) {
      troubles.delete(serialNumber);
      logger.info('lock provisioned', { serialNumber });
      return;
    }
    const { code } = outcome.error;
    // Someone else's turn is nobody's failure.
    const mine = code !== 'lock.busy' && code !== 'lock.cancelled';
    const failures = (troubles.get(serialNumber)?.failures ?? 0) + (mine ? 1 : 0);
    troubles.set(serialNumber, {
      failures,
      notBefore: clock.monotonic() + backoffMs(mine ? pause : busyPause, mine ? failures : 1, random.float()),
    });
    if (mine) logger.warn('provisioning did not succeed', { serialNumber, code, failures });
  };

  const work = async ({ enrolmentId, serialNumber }: EnrolmentDocument): Promise<void> => {
    try {
      settle(serialNumber, await provisioner.provision(enrolmentId, null, stopper.signal));
    } catch (error) {
      logger.error('provisioning threw', describeThrown(error));
      settle(serialNumber, { ok: false, error: { code: 'internal.unexpected', params: {} } });
    }
  };

  const look = (): void => {
    if (running || !situation || stopper.signal.aborted) return;
    const due = ready(situation);
    if (due.length === 0) return;
    if (!slot.isFree()) {
      lookAfter(busyPauseMs);
      return;
    }
    const now = clock.monotonic();
    const notBefore = ({ serialNumber }: EnrolmentDocument): number =>
      troubles.get(serialNumber)?.notBefore ?? 0;
    const tryable = due.filter(
      ({ serialNumber }) => (troubles.get(serialNumber)?.failures ?? 0) < mostFailures,
    );
    const next = tryable.find((enrolment) => notBefore(enrolment) <= now);
    if (!next) {
      if (tryable.length > 0) lookAfter(Math.max(1, Math.min(...tryable.map(notBefore)) - now));
      return;
    }
    running = work(next).finally(() => {
      running = null;
      look();
    });
  };

  const subscription = combineLatest({
    enrolments: options.enrolments$,
    nearby: options.nearby$,
    keySerials: options.keySerials$,
    readiness: options.readiness$,
  }).subscribe((next) => {
    situation = next;
    // Carried away and brought back is a new chance.
    for (const serialNumber of troubles.keys()) {
      if (!next.nearby.has(serialNumber)) troubles.delete(serialNumber);
    }
    look();
  });

  return {
    dispose: async () => {
      subscription.unsubscribe();
      cancelLook();
      stopper.abort();
      await running;
    },
  };
};

/** Oldest first. A lock that already says it is provisioned counts: its answer may have been lost. */
const ready = ({ enrolments, nearby, keySerials, readiness }: Situation): EnrolmentDocument[] =>
  readiness.obstacle
    ? []
    : enrolments
        .filter(
          ({ state, serialNumber }) =>
            state === 'registered' && keySerials.has(serialNumber) && nearby.has(serialNumber),
        )
        .sort((a, b) => a.capturedAt - b.capturedAt);
