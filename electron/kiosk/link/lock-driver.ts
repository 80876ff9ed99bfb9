/**
 * What the kiosk needs of a family of locks. The open driver beside this file speaks the Latchpoint link; a driver for a
 * vendor's SDK implements the same interface and nothing else in the kiosk changes. See `docs/driver.md`.
 */
import type { Observable } from 'rxjs';
import type { Result } from '#shared/errors/app-error.ts';
import type { UnlockStage } from '#shared/models/access-event.ts';
import type { SerialNumber } from '#shared/models/primitives.ts';
import type { RadioState } from '../radio/port.ts';
import type { LockEvent } from './wire/results.ts';

/** One heard advertisement of a lock. Nothing in it is authenticated. */
export interface LockSighting {
  readonly serialNumber: SerialNumber;
  /** dBm, -127 to 20; null when nobody knows. */
  readonly rssi: number | null;
  readonly provisioned: boolean;
  readonly boltOpen: boolean;
  readonly tamper: boolean;
  readonly batteryLow: boolean;
  /** Percent. */
  readonly battery: number;
  /**
   * Not heard now, and that says nothing: the kiosk is connected to it, or to another one and can't listen meanwhile. This is
   * what the lock last advertised.
   */
  readonly repeated?: true;
}

/**
 * What a new lock offers, already checked: the device certificate chains to the vendor root and names this lock, and whoever
 * answered has its key.
 */
export interface EnrolmentOffer {
  readonly serialNumber: SerialNumber;
  readonly type: string;
  readonly enrolmentCode: Uint8Array;
  /** X.509, DER. */
  readonly deviceCertificate: Uint8Array;
  /**
   * The lock's signature, over the challenge, that this code is its own (docs/link.md, "Capture proof"), verified; null from
   * a lock that can't give one: then nobody has proved whose the code is, and that is to be said.
   */
  readonly proof: Uint8Array | null;
}

/** What opens one lock. Held in memory for the length of one operation only. */
export interface LockCredentials {
  /** Key Certificate, X.509 DER. */
  readonly keyCertificate: Uint8Array;
  /** Its private key, PKCS #8 DER. The caller overwrites it after the operation. */
  readonly privateKey: Uint8Array;
  /** Customer Intermediate Certificate, X.509 DER. */
  readonly intermediate: Uint8Array;
  /** The genuine lock's device certificate, X.509 DER, as learnt at enrolment. */
  readonly deviceCertificate: Uint8Array;
}

export interface LockOperation {
  /** Milliseconds for the whole operation. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** Called when a stage begins. */
  readonly onStage?: (stage: UnlockStage) => void;
  /** Called just before the command leaves: from here on stopping is no longer possible. */
  readonly onCommitted?: () => void;
}

export interface LockStatus {
  readonly provisioned: boolean;
  readonly boltOpen: boolean;
  readonly tamper: boolean;
  /** Percent. */
  readonly battery: number;
}

export interface UnlockCommand {
  /** Seconds that the bolt is held open. */
  readonly holdOpenSeconds: number;
  /** SHA-256 of the staff member's id, so that the lock's own ring names no person. 32 bytes. */
  readonly actorHash: Uint8Array;
}

export interface Unlocked {
  /** Seconds for which the lock says it holds its bolt open. */
  readonly holdOpenSeconds: number;
}

/** One entry of the ring in which a lock keeps what it did itself, whoever caused it. */
export interface RingEvent {
  /** Counts from 1 without gaps for the life of the lock; the ring holds about the last hundred. */
  readonly sequence: number;
  /** Milliseconds since 1970 by the lock's own clock, which may be behind. */
  readonly at: number;
  readonly kind: LockEvent['kind'];
  /** As in `UnlockCommand`; null where no person caused it. 32 bytes. */
  readonly actorHash: Uint8Array | null;
}

export interface RingEvents {
  /** Oldest first, in the order of their sequence numbers. */
  readonly events: readonly RingEvent[];
  /** The ring holds later ones: go on after the last of these. */
  readonly more: boolean;
}

/**
 * Every operation answers with a Result whose error is one of `lock.*` or `radio.*`; none rejects, none outlives its
 * deadline. `unlock`, `provision` and `release` answer `lock.outcome_unknown` when the command left and no answer came.
 */
export interface LockDriver {
  readonly radioState$: Observable<RadioState>;
  /**
   * Hot: every advertisement heard, unsmoothed; but copies of what a lock advertises are left out where it can be told that
   * they are copies.
   */
  readonly sightings$: Observable<LockSighting>;
  /** Reads what a new lock offers and checks that it is genuine. `challenge`: 32 bytes, new for each capture. */
  readEnrolment(
    serialNumber: SerialNumber,
    challenge: Uint8Array,
    operation: LockOperation,
  ): Promise<Result<EnrolmentOffer>>;
  /** Sets the provisioning bit and binds the lock to the customer's key. Repeating it after success answers ok. */
  provision(
    serialNumber: SerialNumber,
    credentials: LockCredentials,
    operation: LockOperation,
  ): Promise<Result<LockStatus>>;
  unlock(
    serialNumber: SerialNumber,
    credentials: LockCredentials,
    command: UnlockCommand,
    operation: LockOperation,
  ): Promise<Result<Unlocked>>;
  status(
    serialNumber: SerialNumber,
    credentials: LockCredentials,
    operation: LockOperation,
  ): Promise<Result<LockStatus>>;
  /** Blinks and beeps. An unprovisioned lock needs no credentials. */
  identify(
    serialNumber: SerialNumber,
    credentials: LockCredentials | null,
    operation: LockOperation,
  ): Promise<Result<null>>;
  /** Reads the lock's own ring, as far as it goes beyond the sequence number `after` (0: all of it). */
  events(
    serialNumber: SerialNumber,
    credentials: LockCredentials,
    after: number,
    operation: LockOperation,
  ): Promise<Result<RingEvents>>;
  /**
   * Gives the lock back: it forgets its customer and its key and is new again. `token` is what the vendor's root has signed
   * for this lock and this key. Repeating it with the same credentials after success answers ok.
   */
  release(
    serialNumber: SerialNumber,
    credentials: LockCredentials,
    token: Uint8Array,
    operation: LockOperation,
  ): Promise<Result<null>>;
  /**
   * Connects to a lock that will probably be asked for next, as far as that goes without a secret, so that the next
   * operation on it starts there. One lock at a time; given up when another is asked for, and after some seconds by itself.
   * Saves time and changes nothing: a driver that can't leaves it out.
   */
  prepare?(
    serialNumber: SerialNumber,
    deviceCertificate: Uint8Array,
    operation: LockOperation,
  ): Promise<Result<null>>;
  dispose(): Promise<void>;
}
