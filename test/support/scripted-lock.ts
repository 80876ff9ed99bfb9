/** A lock without any cryptography: advertises, answers reads, and sends every frame back. For tests of the radio alone. */
import { companyId } from '#kiosk/link/wire/advertisement.ts';
import { serviceUuid } from '#kiosk/radio/gatt-profile.ts';
import type { LockConnection, LockPeripheral } from '#simulators/lock/peripheral.ts';

const uuidOnAir = Buffer.from(serviceUuid, 'hex').reverse();

export const latchpointAdvert = (flags: number): Uint8Array =>
  Uint8Array.from([
    ...[0x02, 0x01, 0x06],
    ...[0x11, 0x07],
    ...uuidOnAir,
    ...[0x09, 0xff, companyId & 0xff, companyId >> 8, flags, 90, 0, 0, 0, 5],
  ]);

export class ScriptedLock implements LockPeripheral {
  readonly serialNumber: string;
  readonly address: string;
  readonly received: Uint8Array[] = [];
  flags = 0x10;
  connections = 0;
  openConnections = 0;
  infoReads = 0;
  enrolment: Uint8Array | null = Uint8Array.from({ length: 256 }, (_, index) => index);
  certificate: Uint8Array = Uint8Array.from({ length: 400 }, (_, index) => index % 251);
  notify: (frame: Uint8Array) => void = () => undefined;
  readonly #listeners = new Set<() => void>();

  constructor(number: number) {
    const hex = number.toString(16).padStart(4, '0');
    this.serialNumber = `0000051a0000${hex}`;
    this.address = `c0:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`;
  }

  /** What noble calls it. */
  get peer(): string {
    return this.address.replaceAll(':', '');
  }

  advertisement(): { advertising: Uint8Array; scanResponse: Uint8Array } {
    const serial = Buffer.from(this.serialNumber, 'hex');
    return {
      advertising: latchpointAdvert(this.flags),
      scanResponse: Uint8Array.from([0x19, 0x21, ...uuidOnAir, ...serial]),
    };
  }

  setFlags(flags: number): void {
    this.flags = flags;
    for (const listener of this.#listeners) listener();
  }

  onAdvertisementChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readInfo(): Uint8Array {
    this.infoReads += 1;
    return Uint8Array.of(1, this.infoReads);
  }

  readEnrolment(): Uint8Array | null {
    return this.enrolment;
  }

  readCertificate(): Uint8Array {
    return this.certificate;
  }

  connected(notify: (frame: Uint8Array) => void): LockConnection {
    this.notify = notify;
    this.connections += 1;
    this.openConnections += 1;
    return {
      receive: (frame) => {
        this.received.push(frame);
        notify(frame);
      },
      disconnected: () => {
        this.openConnections -= 1;
      },
    };
  }
}
