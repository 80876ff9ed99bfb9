/** The Latchpoint service of one connected peer, on whatever lies below. */
import type { EarlyStart, GattHandles, ReadableCharacteristic } from './port.ts';

/**
 * Its promises may never settle once the link is gone, as those of noble do: whoever calls races them with the link's end.
 * A refused request rejects with `RadioError('att_error')`.
 */
export interface GattClient {
  /**
   * Finds the characteristics and subscribes to `rx`. The frames of `onFrame` begin here. `onRefused` is called when the peer
   * turns out later to have refused that. With an early start nothing is found out, and its frames have left.
   */
  open(onFrame: (frame: Uint8Array) => void, onRefused: () => void, early?: EarlyStart): Promise<void>;
  /** Known once `open` has resolved; null where the system keeps them. */
  handles(): GattHandles | null;
  /** Bytes that one `send` may carry; known once `open` has resolved. */
  maxFrame(): number;
  read(characteristic: ReadableCharacteristic): Promise<Uint8Array>;
  /** Resolves when the controller has taken the frame, not when it is merely queued. */
  send(frame: Uint8Array): Promise<void>;
  /** The link has ended; `answered` tells whether the peer ever sent a frame. */
  dispose(answered: boolean): void;
}

/** The largest ATT MTU that noble asks for; a peer that answers with more gets this one (Vol 3 Part F, 3.4.2: the minimum). */
export const largestMtu = 256;

/** What every bearer carries: an answer of less counts as this (Vol 3 Part F, 3.4.2.2). */
export const smallestMtu = 23;

/** Opcode and handle in front of every value (Vol 3 Part F, 3.4.5.3). */
export const writeOverhead = 3;
