/** A lock driver whose locks live in another process, so that they outlive the kiosk. */
import { BehaviorSubject, Subject } from 'rxjs';
import { z } from 'zod';
import type { Clock } from '#kiosk/platform/clock.ts';
import type {
  EnrolmentOffer,
  LockCredentials,
  LockDriver,
  LockSighting,
  LockStatus,
} from '#kiosk/link/lock-driver.ts';
import type { RadioState } from '#kiosk/radio/port.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { HeardLock, LockAnswer, LockQuestion } from './kiosk-messages.ts';

export interface RelayedDriver extends LockDriver {
  /** These locks, and no others, are in range from now on. */
  hear(locks: readonly HeardLock[]): void;
}

const hearEveryMs = 2_000;
const status: LockStatus = { provisioned: true, boltOpen: false, tamper: false, battery: 80 };
const offerSchema = z.object({ type: z.string(), enrolmentCode: z.string(), deviceCertificate: z.string() });
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

export const createRelayedDriver = (
  ask: (question: LockQuestion) => Promise<LockAnswer>,
  clock: Clock,
): RelayedDriver => {
  const radioState$ = new BehaviorSubject<RadioState>('ready');
  const sightings$ = new Subject<LockSighting>();
  let inRange: readonly HeardLock[] = [];

  const advertise = (): void => {
    for (const lock of inRange) {
      const calm = { rssi: -50, boltOpen: false, tamper: false, batteryLow: false, battery: 80 };
      sightings$.next({ ...lock, ...calm });
    }
  };
  let cancel = (): void => undefined;
  const again = (): void => {
    advertise();
    cancel = clock.after(hearEveryMs, again);
  };
  again();

  const put = (
    operation: LockQuestion['operation'],
    serialNumber: string,
    credentials: LockCredentials | null,
  ): Promise<LockAnswer> =>
    ask({
      operation,
      serialNumber,
      keyCertificate: credentials && base64(credentials.keyCertificate),
      intermediate: credentials && base64(credentials.intermediate),
    });
  const answering = <T>(answer: LockAnswer, value: T): Result<T> => (answer.ok ? ok(value) : answer);

  return {
    radioState$,
    sightings$,
    hear: (locks) => {
      inRange = locks;
      advertise();
    },
    readEnrolment: async (serialNumber) => {
      const answer = await put('readEnrolment', serialNumber, null);
      if (!answer.ok) return answer;
      const { type, enrolmentCode, deviceCertificate } = offerSchema.parse(answer.value);
      const offer: EnrolmentOffer = {
        serialNumber,
        type,
        enrolmentCode: bytes(enrolmentCode),
        deviceCertificate: bytes(deviceCertificate),
        proof: null,
      };
      return ok(offer);
    },
    provision: async (serialNumber, credentials) =>
      answering(await put('provision', serialNumber, credentials), status),
    unlock: async (serialNumber, credentials, { holdOpenSeconds }, { onStage, onCommitted }) => {
      for (const stage of ['connect', 'authenticate', 'actuate'] as const) onStage?.(stage);
      onCommitted?.();
      return answering(await put('unlock', serialNumber, credentials), { holdOpenSeconds });
    },
    status: async (serialNumber, credentials) =>
      answering(await put('status', serialNumber, credentials), status),
    identify: async (serialNumber, credentials) =>
      answering(await put('identify', serialNumber, credentials), null),
    events: async (serialNumber, credentials) =>
      answering(await put('events', serialNumber, credentials), { events: [], more: false }),
    release: async (serialNumber, credentials, _token, { onCommitted }) => {
      onCommitted?.();
      return answering(await put('release', serialNumber, credentials), null);
    },
    dispose: () => {
      cancel();
      sightings$.complete();
      radioState$.complete();
      return Promise.resolve();
    },
  };
};
