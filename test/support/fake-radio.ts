/**
 * A radio without a radio: `RadioPort` over locks in the same process, with the quirks of the real one. Frames travel one at
 * a time, a tick each; notifications longer than the MTU arrive cut off; a lock's scan response may not have been heard yet;
 * a link can end at any frame, a lock can be out of reach, and the dongle can be pulled.
 */
import { BehaviorSubject, Subject } from 'rxjs';
import type { Clock } from '#kiosk/platform/clock.ts';
import {
  RadioError,
  type Advertisement,
  type ConnectOperation,
  type RadioFailure,
  type RadioLink,
  type RadioOperation,
  type RadioPort,
  type RadioState,
} from '#kiosk/radio/port.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import { createFakeLink, type FakeLink, type FrameFault } from './fake-link.ts';

export interface FakeRadioOptions {
  readonly clock: Clock;
  /** Bytes; what an MTU of 256 leaves, unless given. */
  readonly maxFrame?: number;
}

export class FakeRadio implements RadioPort {
  readonly #clock: Clock;
  readonly #maxFrame: number;
  readonly #state = new BehaviorSubject<RadioState>('ready');
  readonly #listening = new BehaviorSubject(true);
  readonly #advertisements = new Subject<Advertisement>();
  readonly #locks = new Map<string, LockPeripheral>();
  readonly #unreachable = new Set<string>();
  readonly #links = new Set<FakeLink>();
  #turn: Promise<unknown> = Promise.resolve();
  readonly state$ = this.#state.asObservable();
  readonly listening$ = this.#listening.asObservable();
  readonly advertisements$ = this.#advertisements.asObservable();
  /** Decides at every frame of every link whether it gets through. */
  frameFault: FrameFault = () => 'deliver';
  /** How many links were ever opened. */
  connections = 0;
  /** How many of them began early. */
  earlyStarts = 0;

  constructor(options: FakeRadioOptions) {
    this.#clock = options.clock;
    this.#maxFrame = options.maxFrame ?? 253;
  }

  /** Puts a lock into the air. Its peer is its address. */
  add(lock: LockPeripheral): void {
    this.#locks.set(lock.address, lock);
  }

  /** One advertisement of a lock is heard. */
  hear(
    lock: LockPeripheral,
    how: { readonly rssi?: number | null; readonly scanResponse?: boolean } = {},
  ): void {
    const { advertising, scanResponse } = lock.advertisement();
    this.#advertisements.next({
      peer: lock.address,
      rssi: how.rssi === undefined ? -60 : how.rssi,
      // 3 bytes of flags, 18 of service UUID, then length and type of the manufacturer data.
      manufacturerData: advertising.slice(23),
      // Length, type and 16 bytes of UUID come first.
      serviceData: how.scanResponse === false ? null : scanResponse.slice(18),
    });
  }

  /** Advertisements as the radio would report them, made up by the test. */
  hearRaw(advertisement: Advertisement): void {
    this.#advertisements.next(advertisement);
  }

  setUnreachable(lock: LockPeripheral, unreachable: boolean): void {
    if (unreachable) this.#unreachable.add(lock.address);
    else this.#unreachable.delete(lock.address);
  }

  /** The state changes; unless it is `ready`, every link ends. */
  setState(state: RadioState, failure: RadioFailure = 'no_dongle'): void {
    this.#state.next(state);
    if (state !== 'ready') this.dropLinks(failure);
  }

  /** As a radio that connects to another lock: no advertisement gets through meanwhile. */
  setListening(listening: boolean): void {
    this.#listening.next(listening);
  }

  dropLinks(failure: RadioFailure = 'link_lost'): void {
    for (const link of [...this.#links]) link.end(failure);
  }

  get openLinks(): number {
    return this.#links.size;
  }

  connect(peer: string, operation: ConnectOperation): Promise<RadioLink> {
    const mine = this.#turn.then(() => this.#connect(peer, operation));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  dispose(): Promise<void> {
    this.dropLinks('radio_restarted');
    this.#state.complete();
    this.#advertisements.complete();
    return Promise.resolve();
  }

  async #connect(peer: string, operation: ConnectOperation): Promise<RadioLink> {
    if (this.#state.value !== 'ready') throw new RadioError('no_dongle');
    const lock = this.#locks.get(peer);
    if (!lock) throw new RadioError('not_found');
    if (operation.signal?.aborted) throw new RadioError('cancelled');
    if (this.#unreachable.has(peer)) await this.#never(operation);
    operation.onConnected?.();
    this.connections += 1;
    if (operation.early) this.earlyStarts += 1;
    const link = createFakeLink(lock, {
      early: operation.early,
      clock: this.#clock,
      maxFrame: this.#maxFrame,
      fault: (direction, index) => this.frameFault(direction, index),
      ended: () => this.#links.delete(link),
    });
    this.#links.add(link);
    return link;
  }

  #never(operation: RadioOperation): Promise<never> {
    return new Promise((_resolve, reject) => {
      const stop = this.#clock.after(operation.timeoutMs, () => reject(new RadioError('timeout')));
      const cancel = (): void => {
        stop();
        reject(new RadioError('cancelled'));
      };
      operation.signal?.addEventListener('abort', cancel, { once: true });
    });
  }
}
