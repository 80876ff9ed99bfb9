/**
 * What the conformance suite needs around a driver: locks in known states, and time. The suite brings a world of simulated
 * locks that speak the open link; whoever tests a driver for other locks exports a world of those. See `docs/driver.md`.
 */
import type { LockCredentials, LockDriver } from '#kiosk/link/lock-driver.ts';
import type { Clock } from '#kiosk/platform/clock.ts';

export const lockStates = [
  /** Unprovisioned, in reach. */
  'new',
  /** Unprovisioned, and somebody shows another enrolment code in its place; all else is the genuine lock's. */
  'new_other_code',
  /** Unprovisioned, of a release that can't prove whose its enrolment code is. */
  'new_unproven',
  /** Provisioned for the customer, in reach. */
  'provisioned',
  /** Provisioned for another customer, in reach. */
  'foreign',
  /** In reach, and pretends to be the lock that `credentials` are for: another maker's certificate, the same serial number. */
  'counterfeit',
  /** Provisioned, never heard. */
  'absent',
  /** Provisioned, heard, but no connection to it succeeds. */
  'unreachable',
  /** Provisioned, takes connections and never says a word. */
  'silent',
  /** Provisioned, every answer arrives late, in sum by less than five seconds. */
  'slow',
  /** Provisioned, its motor is jammed. */
  'jammed',
  /** Provisioned, the first link to it ends before any command could reach it; later ones hold. */
  'loses_first_link',
  /** Provisioned, does what it is told but its answer to an unlock gets lost. */
  'loses_answer',
  /** Provisioned, does what it is told; the link ends before its answer to an unlock. */
  'loses_link_after_unlock',
  /** Unprovisioned, does what it is told but its first answer to `provision` gets lost. */
  'new_loses_answer',
  /** Provisioned, does what it is told but its first answer to `release` gets lost. */
  'loses_release_answer',
  /** Provisioned, its ring is full: more events than one answer of the lock holds. */
  'full_ring',
] as const;
export type LockState = (typeof lockStates)[number];

export interface CredentialsWish {
  /** The intermediate ended a day ago. */
  readonly lapsed?: boolean;
}

/** One lock of the world, seen from outside of the link. */
export interface WorldLock {
  readonly serialNumber: string;
  /** X.509, DER: of the genuine lock with this serial number. */
  readonly deviceCertificate: Uint8Array;
  /** The customer's credentials for this lock: new copies each time. */
  credentials(wish?: CredentialsWish): Promise<LockCredentials>;
  /** How often its bolt has been told to open and did, so far. Looked up in the lock, not asked over the link. */
  timesOpened(): number;
  /** Whether it is bound to a customer. Looked up in the lock, too. */
  isProvisioned(): boolean;
  /** What releases it from the key that `credentials` have; null where nobody can sign that: such checks are skipped. */
  releaseToken(): Promise<Uint8Array | null>;
}

export interface World {
  /** The clock that the driver lives by. */
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** A lock in this state, in the air from now on; null if this world has no such lock: checks that need one are skipped. */
  lock(state: LockState): Promise<WorldLock | null>;
  /** Lets `ms` pass on `clock`. Locks in reach advertise meanwhile, at least once a second. */
  pass(ms: number): Promise<void>;
  /** All that the driver has logged so far, if that can be known. */
  logged?(): string;
  dispose(): Promise<void>;
}

/** What a file passed as `--driver` exports. `Own` is the world's type: what the driver gets from it beyond `World`. */
export interface DriverModule<Own extends World> {
  /** A driver with the locks of `world` in reach. Called once for each world. */
  createDriver(world: Own): LockDriver | Promise<LockDriver>;
  /** A fresh world; without it the suite's own is used (`OpenWorld` in `open-world.ts`). */
  createWorld?(): Promise<Own>;
}
