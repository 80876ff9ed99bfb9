/** A simulated lock: what a firmware team would build, with time, randomness and memory as ports and no BLE in it. */
import { BehaviorSubject, type Observable } from 'rxjs';
import { encodeAdvertisement } from '#kiosk/link/lock/advertisement.ts';
import { equalBytes, fromHex, toHex } from '#kiosk/link/wire/bytes.ts';
import { createCaptureProof } from '#kiosk/link/lock/capture-proof.ts';
import { createCertificateCache } from '#kiosk/link/lock/certificate-cache.ts';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { minFrame } from '#kiosk/link/wire/frames.ts';
import { encodeInfo } from '#kiosk/link/lock/info.ts';
import { createLockSession } from '#kiosk/link/lock/lock-session.ts';
import type { StatusReport } from '#kiosk/link/wire/results.ts';
import { isReleaseToken } from '#kiosk/link/lock/release-token.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Random } from '#kiosk/platform/random.ts';
import type { LockIdentity } from '../live-lock/open-vendor.ts';
import { createAgreementLimiter } from './agreement-limiter.ts';
import { createAttemptLimiter } from './attempt-limiter.ts';
import { blinkMs, obey, record, unlocksWithoutTimeAllowed, type LockBody } from './commands.ts';
import { createEventRing } from './event-ring.ts';
import { createLockClock } from './lock-clock.ts';
import { createLockConnection } from './lock-connection.ts';
import { lockStateSchema, type LockMemory, type LockState } from './lock-state.ts';
import type { LockConnection, LockPeripheral } from './peripheral.ts';
import { drawRegistration, openRegistration } from './registration.ts';
import { createRepeated } from './repeated.ts';
import { takeRevocation } from './revoking.ts';
import { createSwitchedFor } from './switched-for.ts';

export interface SimulatedLockPorts {
  readonly identity: LockIdentity;
  /** Plays the lock's real-time clock and its timers. */
  readonly clock: Clock;
  readonly random: Random;
  readonly memory: LockMemory;
  /** Bluetooth device address; made from the serial number unless given. */
  readonly address?: string;
  /** Percent, for a lock that has never run. */
  readonly battery?: number;
  /** Bytes: what fits one link-layer packet of 251 unless given. */
  readonly frameSize?: number;
  /** Of the link; 1: a lock of the release before, which proves nothing of its enrolment code. */
  readonly linkVersion?: 1 | 2;
  /** Whether it offers an early start, as those of version 2 do unless told. */
  readonly earlyStart?: boolean;
}

/** What a person who stands before the lock sees. */
export interface LockView extends StatusReport {
  readonly blinking: boolean;
}

export interface SimulatedLock extends LockPeripheral {
  readonly type: string;
  /** X.509, DER. */
  readonly deviceCertificate: Uint8Array;
  /** Replays. */
  readonly state$: Observable<LockView>;
  /** The code as `readEnrolment` gives it while the lock is new; here whatever its state. */
  enrolmentCode(): Uint8Array;
  setBattery(percent: number): void;
  setTamper(on: boolean): void;
  setJammed(on: boolean): void;
  /**
   * Binds the lock to a customer's key (uncompressed point, 65 bytes) as `provision` does: for a store whose locks were
   * enrolled before the simulation began. Does nothing to a lock that is bound already.
   */
  provisionAtFactory(customerKey: Uint8Array): void;
  /** The battery is taken out and put back: the session, the cache and the time are lost. */
  losePower(): void;
  dispose(): void;
}

const firmware = '1.4.0';
const firmwareBuiltAt = Date.UTC(2025, 5, 1);
const batteryLowBelow = 15;
const noteTimeEveryMs = 86_400_000;
/** A quarter of a minute for a kiosk that has fallen silent; connections kept warm send a status in between. */
const silenceMs = 15_000;

/** A static random address: its two highest bits are set (Core Specification, Vol 6, Part B, 1.3.2.1). */
const addressOf = (serialNumber: string): string =>
  ['c6', ...(serialNumber.slice(6).match(/../g) ?? [])].join(':');

const newState = (ports: SimulatedLockPorts): LockState => {
  const { identity, clock, random } = ports;
  return {
    version: 1,
    ...drawRegistration(identity, random),
    customerKey: null,
    customerEpoch: 0,
    keyEpoch: 0,
    revocationVersion: 0,
    clock: { floor: firmwareBuiltAt, rtcAtFloor: clock.now(), exact: false, setAt: 0, stopped: false },
    unlocksWithoutTime: unlocksWithoutTimeAllowed,
    failures: 0,
    battery: ports.battery ?? 100,
    tamper: false,
    nextEvent: 1,
    events: [],
  };
};

/** Throws if the memory holds something that no lock wrote. */
export const createSimulatedLock = (ports: SimulatedLockPorts): SimulatedLock => {
  const { identity, clock, random, memory } = ports;
  const { serialNumber } = identity;
  const frameSize = ports.frameSize ?? 244;
  const stored = memory.read();
  const state = stored === null ? newState(ports) : lockStateSchema.parse(stored);
  let registration = openRegistration(state, serialNumber);
  const roots = [readCertificate(identity.root).publicKey];
  const sign = createSigner(identity.devicePrivateKey);
  const cache = createCertificateCache();
  const listeners = new Set<() => void>();
  const agreements = createAgreementLimiter(clock);
  let connection: LockConnection | null = null;

  const changed = (): void => {
    view$.next(look());
    const next = advertisement();
    if (equalBytes(next.advertising, advertised)) return;
    advertised = next.advertising;
    for (const listener of [...listeners]) listener();
  };
  const body: LockBody = {
    ...state,
    clock: createLockClock(clock, state.clock),
    ring: createEventRing(state),
    limiter: createAttemptLimiter(clock, state.failures),
    bolt: createSwitchedFor(clock, () => changed()),
    lamp: createSwitchedFor(clock, () => changed()),
    jammed: false,
  };

  const status = (): StatusReport => ({
    provisioned: body.customerKey !== null,
    boltOpen: body.bolt.on,
    tamper: body.tamper,
    batteryLow: body.battery < batteryLowBelow,
    battery: body.battery,
  });
  const look = (): LockView => ({ ...status(), blinking: body.lamp.on });
  const view$ = new BehaviorSubject<LockView>(look());
  const advertisement = () => encodeAdvertisement(serialNumber, status());
  let advertised = advertisement().advertising;

  /** So that a battery that is pulled takes back no more than a day, also of a lock that nobody uses. */
  const noteTime = createRepeated(clock, noteTimeEveryMs, () => remember());
  const remember = (): void => {
    noteTime.begin();
    memory.write({
      version: 1,
      ...registration.stored,
      customerKey: body.customerKey,
      customerEpoch: body.customerEpoch,
      keyEpoch: body.keyEpoch,
      revocationVersion: body.revocationVersion,
      clock: body.clock.snapshot(),
      unlocksWithoutTime: body.unlocksWithoutTime,
      failures: body.limiter.failures,
      battery: body.battery,
      tamper: body.tamper,
      ...body.ring.snapshot(),
    });
    changed();
  };
  remember();

  const captureProof = (challenge: Uint8Array): Uint8Array | null => {
    const { enrolmentCode } = registration;
    return body.customerKey === null
      ? createCaptureProof({ challenge, serialNumber, enrolmentCode }, sign)
      : null;
  };
  const newSession = () =>
    createLockSession({
      random,
      deviceCertificate: identity.deviceCertificate,
      sign,
      ...(ports.linkVersion === 1 ? {} : { captureProof }),
      ...(ports.linkVersion === 1 || ports.earlyStart === false ? {} : { earlyStart: frameSize }),
      cache,
      expectations: () => ({
        roots,
        serialNumber,
        now: body.clock.now(),
        minCustomerEpoch: body.customerEpoch,
        minKeyEpoch: body.keyEpoch,
        keyPublic: registration.publicKey,
        customerKey: body.customerKey === null ? null : fromHex(body.customerKey),
      }),
      wantsTime: () => !body.clock.exact,
      raiseTimeFloor: (ms) => {
        body.clock.raise(ms);
        remember();
      },
      setTime: (ms) => {
        body.clock.set(ms);
        body.unlocksWithoutTime = unlocksWithoutTimeAllowed;
        remember();
      },
      revoke: (revocation) => {
        if (takeRevocation(body, revocation, ports.linkVersion ?? 2)) remember();
      },
    });
  const release = (token: Uint8Array): boolean => {
    const released = isReleaseToken(token, { serialNumber, keyPublic: registration.publicKey, roots });
    if (released) {
      registration = openRegistration(drawRegistration(identity, random), serialNumber);
      cache.clear();
    }
    return released;
  };
  const hangUp = (): void => {
    connection?.disconnected();
    connection = null;
  };

  return {
    serialNumber,
    type: identity.type,
    address: ports.address ?? addressOf(serialNumber),
    deviceCertificate: identity.deviceCertificate,
    state$: view$.asObservable(),
    advertisement,
    onAdvertisementChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    readInfo: () => encodeInfo({ serialNumber, type: identity.type, firmware, ...status(), frameSize }),
    readEnrolment: () => (body.customerKey === null ? registration.enrolmentCode : null),
    readCertificate: () => identity.deviceCertificate,
    connected: (notify, longest = frameSize) => {
      hangUp();
      const session = newSession();
      const opened = createLockConnection({
        session,
        clock,
        frameSize: Math.max(minFrame, Math.min(frameSize, longest)),
        silenceMs,
        agreements,
        notify,
        obey: (command, chain) => obey(body, command, { chain, status, release, remember }),
        mayFailAgain: () => body.limiter.closedForMs() === 0,
        identify: () => {
          if (body.customerKey !== null) return false;
          // Asked again while it blinks it goes on, no longer than it would have: nobody's patience drains its battery.
          if (!body.lamp.on) body.lamp.start(blinkMs);
          return true;
        },
        failed: (failure, reason) => {
          if (failure !== 'not_authentic' && failure !== 'chain_refused') return;
          if (!body.limiter.failed()) return;
          if (reason !== null) record(body, 'refused', null);
          remember();
        },
      });
      connection = opened;
      return opened;
    },
    enrolmentCode: () => registration.enrolmentCode,
    setBattery: (percent) => {
      body.battery = percent;
      remember();
    },
    setTamper: (on) => {
      if (on && !body.tamper) record(body, 'tampered', null);
      body.tamper = on;
      remember();
    },
    setJammed: (on) => {
      body.jammed = on;
    },
    provisionAtFactory: (customerKey) => {
      if (body.customerKey !== null) return;
      body.customerKey = toHex(customerKey);
      record(body, 'provisioned', null);
      remember();
    },
    losePower: () => {
      hangUp();
      cache.clear();
      body.lamp.stop();
      body.bolt.stop();
      body.clock.losePower();
      record(body, 'power_lost', null);
      remember();
    },
    dispose: () => {
      hangUp();
      noteTime.stop();
      body.lamp.stop();
      body.bolt.stop();
      listeners.clear();
      view$.complete();
    },
  };
};
