/**
 * The radio as the rest of the kiosk sees it: adverts in, one GATT link at a time out. Behind it lies a process of its own
 * that may crash, hang or lose its dongle; each of these ends the operations in hand with an error and is shown in `state$`.
 */
import type { Observable } from 'rxjs';

export type RadioState = 'starting' | 'ready' | 'no_dongle' | 'no_permission' | 'stuck';

/** One received advertisement of the Latchpoint service, undecoded. */
export interface Advertisement {
  /** Whatever the platform calls the peer: an address, or an opaque id on macOS. Good until the peer rotates it. */
  readonly peer: string;
  /** dBm, -127 to 20; null when the adapter does not know. */
  readonly rssi: number | null;
  /** Manufacturer data of the advertising PDU, company id included, without parsing; may be empty. */
  readonly manufacturerData: Uint8Array;
  /** Service data of the scan response (the lock's whole serial number), once one was heard of this peer; else null. */
  readonly serviceData: Uint8Array | null;
}

/** Why an operation or a link ended. `cancelled` is the caller's own doing. */
export type RadioFailure =
  | 'not_found'
  /** It can be heard, and says that it takes no connection now. */
  | 'not_connectable'
  | 'timeout'
  | 'link_lost'
  | 'att_error'
  | 'no_dongle'
  | 'radio_restarted'
  | 'cancelled'
  | 'too_large';

export class RadioError extends Error {
  readonly failure: RadioFailure;

  constructor(failure: RadioFailure, options?: { cause?: unknown }) {
    super(`radio: ${failure}`, options);
    this.name = 'RadioError';
    this.failure = failure;
  }
}

export interface RadioOperation {
  /** Milliseconds after which the operation ends with `timeout`; every operation has one. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Where one lock has the Latchpoint service: attribute handles (Core Vol 3 Part F, 3.2.2). */
export interface GattHandles {
  readonly range: { readonly start: number; readonly end: number };
  readonly values: Readonly<Record<ReadableCharacteristic | 'tx' | 'rx', number>>;
  /** The client configuration of `rx`. */
  readonly rxConfiguration: number;
}

/**
 * What a link begins with at a lock that takes it (docs/link.md, "Early start"): subscribed by a command, and written to, before
 * anything is agreed on or found out.
 */
export interface EarlyStart {
  readonly handles: GattHandles;
  /** At most 20 bytes each: what every link carries. */
  readonly frames: readonly Uint8Array[];
}

/** The characteristics of the Latchpoint service that can be read. */
export type ReadableCharacteristic = 'info' | 'enrolment' | 'certificate';

/** An open connection with its characteristics found and `rx` subscribed. Every method rejects with `RadioError`. */
export interface RadioLink {
  readonly peer: string;
  /** Largest frame, in bytes, that one `send` may carry by this side's MTU; the lock's `info` may ask for less. */
  readonly maxFrame: number;
  /** Reads a whole characteristic (long reads included), at most 512 bytes by the ATT specification. */
  read(characteristic: ReadableCharacteristic, operation: RadioOperation): Promise<Uint8Array>;
  /** Writes one frame to `tx` without response; resolves when the controller has taken it. */
  send(frame: Uint8Array, operation: RadioOperation): Promise<void>;
  /** What was found out, and is good for an early start; null where the system keeps that to itself. */
  readonly handles: GattHandles | null;
  /**
   * Frames notified on `rx`, in order; completes when the link has ended. The first subscriber gets what has come before it, as
   * after an early start; later ones what comes from then on.
   */
  readonly frames$: Observable<Uint8Array>;
  /** Resolves, and never rejects, with the reason once the link has ended, whoever ended it. */
  readonly closed: Promise<RadioFailure>;
  /** Ends the link. Resolves when it has ended, at the latest after two seconds. */
  close(): Promise<void>;
}

export interface ConnectOperation extends RadioOperation {
  /** Called when the connection itself stands, before discovery. */
  readonly onConnected?: () => void;
  readonly early?: EarlyStart;
}

export interface RadioPort {
  /** Replays the current state. `ready` is not said before an adapter has said that it listens. */
  readonly state$: Observable<RadioState>;
  /**
   * Replays whether advertisements can arrive now. While the radio is ready and does not listen (it connects to a lock, or is
   * connected and its adapter can't do both), silence says nothing of any lock.
   */
  readonly listening$: Observable<boolean>;
  /** Hot. Scanning goes on by itself whenever the radio is ready and not connecting. */
  readonly advertisements$: Observable<Advertisement>;
  /**
   * Connects, discovers and subscribes. One connect at a time: a second call waits for its turn within its own timeout.
   * With an early start nothing is discovered: the frames have left when it resolves.
   */
  connect(peer: string, operation: ConnectOperation): Promise<RadioLink>;
  dispose(): Promise<void>;
}
