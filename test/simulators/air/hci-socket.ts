/**
 * A controller as noble and bleno know it: the surface of `@abandonware/bluetooth-hci-socket`, for use in one process.
 */
import { EventEmitter } from 'node:events';
import type { Controller } from './controller.ts';

export class VirtualHciSocket extends EventEmitter {
  readonly #controller: Controller | null;

  /** Without a controller it is a socket to nothing: bleno opens one for key management when it is loaded. */
  constructor(controller: Controller | null) {
    super();
    this.#controller = controller;
    controller?.onPacket((packet) => this.emit('data', packet));
    controller?.onPlugged(() => this.emit('state'));
  }

  bindRaw(): number {
    return 0;
  }

  bindUser(): number {
    return 0;
  }

  bindControl(): number {
    return 0;
  }

  start(): void {
    // Packets flow from the beginning.
  }

  stop(): void {
    this.removeAllListeners();
  }

  isDevUp(): boolean {
    return this.#controller?.plugged ?? false;
  }

  setFilter(): void {
    // The virtual controller sends nothing that its hosts would want to leave out.
  }

  write(packet: Uint8Array): void {
    this.#controller?.receive(packet);
  }
}
