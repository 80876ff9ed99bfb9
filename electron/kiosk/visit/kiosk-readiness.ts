/** Whether the kiosk itself may open anything now: everything that is not about one lock. */
import { BehaviorSubject, combineLatest, distinctUntilChanged, map, type Observable } from 'rxjs';
import type { AppError } from '#shared/errors/app-error.ts';
import { every } from '#shared/flow/every.ts';
import type { StoreDocument, TrustDocument } from '#shared/models/documents.ts';
import type { Clock } from '../platform/clock.ts';
import type { RadioState } from '../radio/port.ts';
import {
  chooseIntermediate,
  leaseUntil,
  opensOfflineUntil,
  type IntermediateChoice,
} from '../vault/lease.ts';
import type { VaultState } from '../vault/port.ts';

export interface KioskReadiness {
  readonly radio: RadioState;
  readonly vault: VaultState;
  readonly store: StoreDocument | null;
  readonly intermediate: IntermediateChoice;
  readonly lastContactAt: number | null;
  /** When the offline lease runs out; null when there is none. */
  readonly leaseUntil: number | null;
  readonly opensOfflineUntil: number | null;
  /** The first thing that keeps every lock closed; null when nothing does. */
  readonly obstacle: AppError | null;
}

export interface ReadinessInputs {
  readonly radio: RadioState;
  readonly vault: VaultState;
  readonly store: StoreDocument | null;
  readonly trust: readonly TrustDocument[];
  readonly owner: string | null;
  readonly lastContactAt: number | null;
  readonly now: number;
}

/** The order is the order in which a person could do something about it. */
export const judgeReadiness = (inputs: ReadinessInputs): KioskReadiness => {
  const { radio, vault, store, trust, owner, lastContactAt, now } = inputs;
  const intermediate: IntermediateChoice =
    owner === null ? { kind: 'missing' } : chooseIntermediate(trust, owner, now);
  const lease = leaseUntil(store, lastContactAt);
  return {
    radio,
    vault,
    store,
    intermediate,
    lastContactAt,
    leaseUntil: lease,
    opensOfflineUntil: opensOfflineUntil(lease, intermediate),
    obstacle:
      radioObstacle(radio) ??
      vaultObstacle(vault) ??
      leaseObstacle(lease, lastContactAt, now) ??
      intermediateObstacle(intermediate),
  };
};

export const radioObstacle = (radio: RadioState): AppError | null => {
  switch (radio) {
    case 'ready':
      return null;
    case 'starting':
      return { code: 'radio.restarting', params: {} };
    case 'no_dongle':
      return { code: 'radio.no_dongle', params: {} };
    case 'no_permission':
      return { code: 'radio.no_permission', params: {} };
    case 'stuck':
      return { code: 'radio.stuck', params: {} };
  }
};

const vaultObstacle = (vault: VaultState): AppError | null => {
  switch (vault) {
    case 'ready':
      return null;
    case 'no_secret_store':
      return { code: 'vault.no_secret_store', params: {} };
    case 'cannot_open':
      return { code: 'vault.cannot_open', params: {} };
  }
};

const leaseObstacle = (lease: number | null, lastContactAt: number | null, now: number): AppError | null =>
  lease === null || lastContactAt === null
    ? // Never in contact, or the store's policy has not arrived: what is missing comes with the intermediate.
      { code: 'vault.no_intermediate', params: {} }
    : now >= lease
      ? { code: 'vault.lease_expired', params: { lastContactAt } }
      : null;

const intermediateObstacle = (intermediate: IntermediateChoice): AppError | null => {
  switch (intermediate.kind) {
    case 'valid':
      return null;
    case 'expired':
      return { code: 'vault.intermediate_expired', params: { expiredAt: intermediate.expiredAt } };
    case 'missing':
      return { code: 'vault.no_intermediate', params: {} };
  }
};

export interface ReadinessWatch {
  /** Judged anew for whoever is about to act. */
  now(): KioskReadiness;
  /** Replays; judged at every change, and every few seconds because leases and certificates lapse by themselves. */
  readonly readiness$: Observable<KioskReadiness>;
  dispose(): void;
}

export interface ReadinessOptions {
  readonly radio$: Observable<RadioState>;
  readonly vault$: Observable<VaultState>;
  readonly store$: Observable<StoreDocument | null>;
  readonly trust$: Observable<readonly TrustDocument[]>;
  readonly owner$: Observable<string | null>;
  readonly lastContactAt$: Observable<number | null>;
  /** Trusted time. */
  readonly clock: Clock;
}

const judgeEveryMs = 5_000;

export const createReadinessWatch = (options: ReadinessOptions): ReadinessWatch => {
  const { clock } = options;
  let inputs: Omit<ReadinessInputs, 'now'> = {
    radio: 'starting',
    vault: 'ready',
    store: null,
    trust: [],
    owner: null,
    lastContactAt: null,
  };
  const judge = (): KioskReadiness => judgeReadiness({ ...inputs, now: clock.now() });
  const readiness$ = new BehaviorSubject(judge());
  const subscription = combineLatest({
    radio: options.radio$,
    vault: options.vault$,
    store: options.store$,
    trust: options.trust$,
    owner: options.owner$,
    lastContactAt: options.lastContactAt$,
  }).subscribe((next) => {
    inputs = next;
    readiness$.next(judge());
  });
  const stopTicking = every(clock, judgeEveryMs, () => readiness$.next(judge()));
  return {
    now: judge,
    readiness$: readiness$.pipe(
      map((readiness) => ({ readiness, text: JSON.stringify(readiness) })),
      distinctUntilChanged((a, b) => a.text === b.text),
      map(({ readiness }) => readiness),
    ),
    dispose: () => {
      stopTicking();
      subscription.unsubscribe();
      readiness$.complete();
    },
  };
};
