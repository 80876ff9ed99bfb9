/** The surface of `@abandonware/bluetooth-hci-socket` that noble uses: what a stand-in for it has to offer. */
import type { EventEmitter } from 'node:events';

export interface HciSocket extends EventEmitter {
  bindRaw(deviceId?: number): number;
  bindUser(deviceId?: number): number;
  bindControl(): number;
  start(): void;
  stop(): void;
  isDevUp(): boolean;
  setFilter(filter: Uint8Array): void;
  write(packet: Uint8Array): void;
}
