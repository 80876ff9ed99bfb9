/**
 * What the air needs of a lock, and all it knows of one. The lock behind it is a state machine without any BLE in it; the
 * air (bleno over the simulated radio, or a fake link in a unit test) moves bytes between it and whoever connects.
 */
export interface LockPeripheral {
  /** 16 lower-case hexadecimal digits. */
  readonly serialNumber: string;
  /** Bluetooth device address, `aa:bb:cc:dd:ee:ff`. */
  readonly address: string;
  /** The complete AD structures of the advertising PDU and of the scan response: 31 bytes at most each. */
  advertisement(): { readonly advertising: Uint8Array; readonly scanResponse: Uint8Array };
  /** Called whenever `advertisement()` would answer differently; returns how to stop listening. */
  onAdvertisementChange(listener: () => void): () => void;
  /** Answers to reads; null means "read not permitted" at the ATT layer. */
  readInfo(): Uint8Array;
  readEnrolment(): Uint8Array | null;
  readCertificate(): Uint8Array;
  /**
   * A central has subscribed to `rx`. `notify` sends one frame; it is a no-op after the link has ended. `longest` is what a
   * notification carries on that link, in bytes (its MTU less 3): what is beyond it is cut off without a word.
   */
  connected(notify: (frame: Uint8Array) => void, longest?: number): LockConnection;
}

export interface LockConnection {
  /** One frame written to `tx`. Never throws, whatever the bytes. */
  receive(frame: Uint8Array): void;
  /** The link has ended. */
  disconnected(): void;
}
