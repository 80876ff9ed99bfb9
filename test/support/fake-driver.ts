/** A lock driver that plays what a test has written for it, with the contract's manners: it ends when told to stop. */
import { BehaviorSubject, Subject } from 'rxjs';
import type {
  EnrolmentOffer,
  LockCredentials,
  LockDriver,
  LockOperation,
  LockSighting,
  LockStatus,
  RingEvents,
  UnlockCommand,
  Unlocked,
} from '#kiosk/link/lock-driver.ts';
import type { RadioState } from '#kiosk/radio/port.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';

type Play<T> = (serialNumber: string, operation: LockOperation) => Promise<Result<T>>;

export class FakeDriver implements LockDriver {
  readonly radioState$ = new BehaviorSubject<RadioState>('ready');
  readonly sightings$ = new Subject<LockSighting>();
  /** What was asked, in order: "unlock 0000051a00000005". */
  readonly asked: string[] = [];
  /** The credentials of the last operation that had any. */
  lent: LockCredentials | null = null;
  command: UnlockCommand | null = null;
  /** The challenge of the last capture. */
  challenge: Uint8Array | null = null;
  /** The release token of the last release. */
  token: Uint8Array | null = null;
  disposed = false;

  onUnlock: Play<Unlocked> = (_, operation) => {
    operation.onStage?.('connect');
    operation.onStage?.('authenticate');
    operation.onStage?.('actuate');
    operation.onCommitted?.();
    return Promise.resolve(ok({ holdOpenSeconds: 5 }));
  };
  onStatus: Play<LockStatus> = () =>
    Promise.resolve(ok({ provisioned: true, boltOpen: false, tamper: false, battery: 80 }));
  onProvision: Play<LockStatus> = () =>
    Promise.resolve(ok({ provisioned: true, boltOpen: false, tamper: false, battery: 80 }));
  onIdentify: Play<null> = () => Promise.resolve(ok(null));
  onEvents: Play<RingEvents> = () => Promise.resolve(ok({ events: [], more: false }));
  onRelease: Play<null> = (_, operation) => {
    operation.onCommitted?.();
    return Promise.resolve(ok(null));
  };
  onReadEnrolment: Play<EnrolmentOffer> = (serialNumber) =>
    Promise.resolve(
      ok({
        serialNumber,
        type: 'CAM',
        enrolmentCode: new Uint8Array(256).fill(7),
        deviceCertificate: Uint8Array.of(1, 2, 3),
        proof: null,
      }),
    );

  /** A lock is heard. */
  hear(serialNumber: string, advert: Partial<Omit<LockSighting, 'serialNumber'>> = {}): void {
    this.sightings$.next({
      serialNumber,
      rssi: -50,
      provisioned: true,
      boltOpen: false,
      tamper: false,
      batteryLow: false,
      battery: 80,
      ...advert,
    });
  }

  readEnrolment(
    serialNumber: string,
    challenge: Uint8Array,
    operation: LockOperation,
  ): Promise<Result<EnrolmentOffer>> {
    this.challenge = challenge;
    return this.#play('readEnrolment', this.onReadEnrolment, serialNumber, null, operation);
  }

  provision(
    serialNumber: string,
    credentials: LockCredentials,
    operation: LockOperation,
  ): Promise<Result<LockStatus>> {
    return this.#play('provision', this.onProvision, serialNumber, credentials, operation);
  }

  unlock(
    serialNumber: string,
    credentials: LockCredentials,
    command: UnlockCommand,
    operation: LockOperation,
  ): Promise<Result<Unlocked>> {
    this.command = command;
    return this.#play('unlock', this.onUnlock, serialNumber, credentials, operation);
  }

  status(
    serialNumber: string,
    credentials: LockCredentials,
    operation: LockOperation,
  ): Promise<Result<LockStatus>> {
    return this.#play('status', this.onStatus, serialNumber, credentials, operation);
  }

  identify(
    serialNumber: string,
    credentials: LockCredentials | null,
    operation: LockOperation,
  ): Promise<Result<null>> {
    return this.#play('identify', this.onIdentify, serialNumber, credentials, operation);
  }

  events(
    serialNumber: string,
    credentials: LockCredentials,
    _after: number,
    operation: LockOperation,
  ): Promise<Result<RingEvents>> {
    return this.#play('events', this.onEvents, serialNumber, credentials, operation);
  }

  release(
    serialNumber: string,
    credentials: LockCredentials,
    token: Uint8Array,
    operation: LockOperation,
  ): Promise<Result<null>> {
    this.token = token;
    return this.#play('release', this.onRelease, serialNumber, credentials, operation);
  }

  dispose(): Promise<void> {
    this.disposed = true;
    this.sightings$.complete();
    this.radioState$.complete();
    return Promise.resolve();
  }

  #play<T>(
    name: string,
    play: Play<T>,
    serialNumber: string,
    credentials: LockCredentials | null,
    operation: LockOperation,
  ): Promise<Result<T>> {
    this.asked.push(`${name} ${serialNumber}`);
    this.lent = credentials;
    return play(serialNumber, operation);
  }
}

/** Never answers by itself; ends as cancelled when it is told to stop. */
export const untilStopped = <T>(serialNumber: string, { signal }: LockOperation): Promise<Result<T>> =>
  new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve(fail('lock.cancelled', { serialNumber })), {
      once: true,
    });
  });

/** Never answers at all: a driver that breaks its contract. */
export const never = <T>(): Promise<Result<T>> => new Promise(() => undefined);
