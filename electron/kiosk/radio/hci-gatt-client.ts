/**
 * GATT on noble's HCI bindings, one level below noble's own classes: the ATT bearer takes our requests and gives their
 * answers whole, refusals included, which the classes above drop.
 */
import { once, type EventEmitter } from 'node:events';
import * as att from './att.ts';
import { largestMtu, smallestMtu, writeOverhead, type GattClient } from './gatt-client.ts';
import { findHandles, type HandleCache } from './gatt-handles.ts';
import type { NobleGatt, NobleHciBindings, NoblePeripheral } from './noble-types.ts';
import { RadioError, type EarlyStart, type GattHandles } from './port.ts';
import { refusalsAreAnswers } from './refusals.ts';

export interface HciGattOptions {
  readonly bindings: NobleHciBindings;
  readonly gatt: NobleGatt;
  readonly peripheral: NoblePeripheral;
  readonly cache: HandleCache;
}

/** The longest value that an attribute can have (Vol 3 Part F, 3.2.9). */
const longestValue = 512;

export const createHciGattClient = ({ bindings, gatt, peripheral, cache }: HciGattOptions): GattClient => {
  const connection = bindings._handles[peripheral.id];
  refusalsAreAnswers(gatt);
  // Begun by noble as the link opened; its answer can't have come yet.
  const mtuAgreed = once(gatt, 'mtu');
  let handles: GattHandles | null = null;
  let onNotification: ((handle: number, data: Buffer) => void) | null = null;

  const request = (pdu: Buffer): Promise<Buffer> =>
    new Promise((resolve) => gatt._queueCommand(pdu, resolve));

  const found = (): GattHandles => {
    if (!handles) throw new RadioError('link_lost', { cause: 'not open' });
    return handles;
  };

  const queued = (): boolean => bindings._hci._aclQueue.some(({ handle }) => handle === connection);

  const subscribe = (configuration: number, onRefused: () => void): void => {
    // Not waited for: frames follow it in order on the same bearer, and a refusal ends the link where it is noticed.
    void request(att.write(configuration, att.notifications)).then((answer) => {
      try {
        att.written(answer);
      } catch {
        cache.disprove(peripheral.id);
        onRefused();
      }
    });
  };

  /** By commands alone, which need no answer: the MTU is being asked for, and one request is out at a time. */
  const startEarly = ({ handles: { rxConfiguration, values }, frames }: EarlyStart): void => {
    gatt.writeAtt(att.writeCommand(rxConfiguration, att.notifications));
    for (const frame of frames) gatt.writeAtt(att.writeCommand(values.tx, frame));
  };

  const listen = (rx: number, onFrame: (frame: Uint8Array) => void): void => {
    onNotification = (handle, data) => {
      if (handle === rx) onFrame(Uint8Array.from(data));
    };
    peripheral.on('handleNotify', onNotification);
  };

  return {
    open: async (onFrame, onRefused, early) => {
      if (early) {
        handles = early.handles;
        listen(handles.values.rx, onFrame);
        startEarly(early);
      }
      await mtuAgreed;
      gatt._mtu = Math.max(smallestMtu, Math.min(gatt._mtu, largestMtu));
      if (early) return;
      // Proven anew on each connection before anything is written there (Vol 3 Part G, 2.5.2).
      handles = await findHandles(request, cache.get(peripheral.id) ?? cache.lastLayout);
      cache.set(peripheral.id, handles);
      listen(handles.values.rx, onFrame);
      subscribe(handles.rxConfiguration, onRefused);
    },
    handles: () => handles,
    maxFrame: () => gatt._mtu - writeOverhead,
    read: async (characteristic) => {
      const handle = found().values[characteristic];
      let bytes = att.value(await request(att.read(handle)));
      let part = bytes;
      // A full answer may not be all of it.
      while (part.length === gatt._mtu - 1 && bytes.length < longestValue) {
        part = att.valuePart(await request(att.readBlob(handle, bytes.length)));
        bytes = Buffer.concat([bytes, part]);
      }
      return Uint8Array.from(bytes.subarray(0, longestValue));
    },
    send: async (frame) => {
      gatt.writeAtt(att.writeCommand(found().values.tx, frame));
      await nextTurn();
      while (queued()) await nextPacket(bindings._hci._socket);
    },
    dispose: (answered) => {
      // Silence may mean that the handles are those of the firmware before.
      if (!answered) cache.forget(peripheral.id);
      if (onNotification) peripheral.removeListener('handleNotify', onNotification);
    },
  };
};

/** noble hands packets on in microtasks: after a turn of the loop they are with the controller or in its queue. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const nextPacket = async (socket: EventEmitter): Promise<void> => {
  await once(socket, 'data');
  await nextTurn();
};
