/** The state flags that the advertisement, the info characteristic and the status result share: four bits. */
export interface LockFlags {
  readonly provisioned: boolean;
  readonly boltOpen: boolean;
  readonly tamper: boolean;
  readonly batteryLow: boolean;
}

/** Reads the low four bits. */
export const readFlags = (byte: number): LockFlags => ({
  provisioned: (byte & 1) !== 0,
  boltOpen: (byte & 2) !== 0,
  tamper: (byte & 4) !== 0,
  batteryLow: (byte & 8) !== 0,
});
