/**
 * Connecting, one at a time, and ending connections, by the rules that noble needs: it has no timeouts, cancels whatever
 * connect is in progress whichever peer is named, and sends a disconnect for a peer that is not connected to handle 0.
 */
import type { Clock } from '../platform/clock.ts';
import type { AdapterWatch } from './adapter-watch.ts';
import { bounded, startOperation, within } from './deadline.ts';
import type { GattClient } from './gatt-client.ts';
import { openLink, type OpenLink } from './link.ts';
import type { ConnectParameters, NoblePeripheral } from './noble-types.ts';
import {
  RadioError,
  type ConnectOperation,
  type EarlyStart,
  type RadioFailure,
  type RadioLink,
  type RadioOperation,
} from './port.ts';
import type { Scanner } from './scanner.ts';
import { createRadioTurns } from './turns.ts';

export interface Connector {
  connect(peer: string, operation: ConnectOperation): Promise<RadioLink>;
  /** Whether a link to that peer is open or being opened. */
  busy(peer: string): boolean;
  /** Whether any link is open or being opened. */
  anyBusy(): boolean;
  /** The radio is gone: everything ends with this. */
  end(reason: RadioFailure): void;
}

export interface ConnectorOptions {
  readonly clock: Clock;
  readonly scanner: Scanner;
  readonly adapter: AdapterWatch;
  readonly find: (peer: string) => NoblePeripheral | null;
  readonly gattOf: (peripheral: NoblePeripheral) => GattClient;
  /** Resolves with the reason when the radio is gone. */
  readonly gone: Promise<RadioFailure>;
  /** The adapter or noble does not come back to a state from which another connect could work. */
  readonly onStuck: () => void;
}

/** 7.5 to 30 ms between meetings; a lock that is silent for a second is gone. */
const parameters: ConnectParameters = { minInterval: 6, maxInterval: 24, latency: 0, timeout: 100 };

const cancelWithinMs = 1_500;
const disconnectWithinMs = 2_000;

export const createConnector = (options: ConnectorOptions): Connector => {
  const { clock, scanner, adapter, gone } = options;
  const turns = createRadioTurns(clock);
  const links = new Map<string, OpenLink>();
  let connecting: string | null = null;

  const nextEvent = <T>(peripheral: NoblePeripheral, event: 'connect' | 'disconnect'): Promise<T> =>
    new Promise((resolve) => peripheral.once(event, resolve));

  /** Only ever for a peer that is connected. */
  const disconnect = async (peripheral: NoblePeripheral): Promise<void> => {
    if (peripheral.state !== 'connected' && peripheral.state !== 'disconnecting') return;
    const event = nextEvent<unknown>(peripheral, 'disconnect');
    if (peripheral.state === 'connected') peripheral.disconnect();
    const over = Promise.race([event, gone]);
    if (!(await within(clock, disconnectWithinMs, over))) options.onStuck();
  };

  /** Only ever for the connect in progress. Waits for what comes of it, so that no link opens behind our back. */
  const cancelConnect = async (peripheral: NoblePeripheral): Promise<void> => {
    if (peripheral.state !== 'connecting') {
      await disconnect(peripheral);
      return;
    }
    // noble tells of the cancellation at once, before it sends it: the answer is the event after that one.
    const outcome = new Promise<unknown>((resolve) => {
      let first = true;
      const onConnect = (error: unknown): void => {
        if (first) {
          first = false;
          return;
        }
        peripheral.removeListener('connect', onConnect);
        resolve(error);
      };
      peripheral.on('connect', onConnect);
    });
    try {
      peripheral.cancelConnect();
    } catch {
      // A binding without a way to cancel (Windows): only a new process is free of this connect.
      options.onStuck();
      return;
    }
    if (await within(clock, cancelWithinMs, Promise.race([outcome, gone]))) await disconnect(peripheral);
    else options.onStuck();
  };

  const establish = async (peripheral: NoblePeripheral, operation: RadioOperation): Promise<void> => {
    // Left over from a cancel that came too late.
    await disconnect(peripheral);
    const connected = nextEvent<unknown>(peripheral, 'connect');
    const stopExpecting = adapter.expectsAnswer('connect', () => peripheral.connect(parameters));
    try {
      const error = await bounded(clock, operation, connected, gone);
      if (error) throw new RadioError('link_lost', { cause: error });
    } catch (error) {
      if (error instanceof RadioError && (error.failure === 'timeout' || error.failure === 'cancelled')) {
        await cancelConnect(peripheral);
      }
      throw error;
    } finally {
      stopExpecting();
    }
  };

  const open = async (
    peripheral: NoblePeripheral,
    operation: RadioOperation,
    early: EarlyStart | undefined,
  ): Promise<RadioLink> => {
    const lost = Promise.race([
      nextEvent<unknown>(peripheral, 'disconnect').then((): RadioFailure => 'link_lost'),
      gone,
    ]);
    const gatt = options.gattOf(peripheral);
    try {
      const opened = await openLink(
        { peer: peripheral.id, gatt, clock, disconnect: () => disconnect(peripheral), early },
        operation,
        lost,
      );
      links.set(peripheral.id, opened);
      void opened.link.closed.then(() => {
        if (links.get(peripheral.id) === opened) links.delete(peripheral.id);
        scanner.retry();
      });
      return opened.link;
    } catch (error) {
      await disconnect(peripheral);
      throw error;
    }
  };

  const attempt = async (peer: string, operation: ConnectOperation): Promise<RadioLink> => {
    const peripheral = options.find(peer);
    if (!peripheral) throw new RadioError('not_found');
    if (peripheral.connectable === false) throw new RadioError('not_connectable');
    if (links.has(peer)) throw new RadioError('not_found', { cause: 'already connected' });
    const time = startOperation(clock, operation);
    await scanner.pause();
    await establish(peripheral, time.left());
    operation.onConnected?.();
    return open(peripheral, time.left(), operation.early);
  };

  return {
    connect: async (peer, operation) => {
      const time = startOperation(clock, operation);
      const done = await turns.take(time.left(), gone);
      connecting = peer;
      const leave = adapter.begin();
      try {
        return await attempt(peer, { ...operation, ...time.left() });
      } finally {
        connecting = null;
        leave();
        scanner.resume();
        done();
      }
    },
    busy: (peer) => connecting === peer || links.has(peer),
    anyBusy: () => connecting !== null || links.size > 0,
    end: (reason) => {
      for (const opened of [...links.values()]) opened.end(reason);
      links.clear();
    },
  };
};
