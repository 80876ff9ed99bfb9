/**
 * The GATT surface of a Latchpoint lock: one primary service with five characteristics. UUIDs are in the form that noble
 * and bleno use (lower case, no dashes). The layouts of what they carry are in `docs/link.md`.
 */
export const serviceUuid = '6c617463687074006c696e6b00000001';

export const characteristicUuids = {
  /** Read: protocol version, serial number, type, firmware version, flags, battery, chunk size. */
  info: '6c617463687074006c696e6b00000002',
  /** Read while unprovisioned: the enrolment code, 256 bytes. */
  enrolment: '6c617463687074006c696e6b00000003',
  /** Read: the lock's device certificate (X.509 DER). Its own characteristic: an attribute holds 512 bytes at most. */
  certificate: '6c617463687074006c696e6b00000004',
  /** Write without response: frames from the kiosk. */
  tx: '6c617463687074006c696e6b00000005',
  /** Notify: frames from the lock. */
  rx: '6c617463687074006c696e6b00000006',
} as const;
