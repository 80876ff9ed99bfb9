/** Gives a simulated lock its radio: a bleno on a controller of its own, moving bytes between GATT and the lock. */
import type { EventEmitter } from 'node:events';
import { characteristicUuids, serviceUuid } from '#kiosk/radio/gatt-profile.ts';
import type { LockConnection, LockPeripheral } from '../lock/peripheral.ts';
import type { Air } from './air.ts';
import { loadBleno, type BlenoAttribute, type BlenoBindings } from './bleno-module.ts';
import { VirtualHciSocket } from './hci-socket.ts';

export interface LockRadio {
  readonly serialNumber: string;
  readonly address: string;
  dispose(): void;
}

/** ATT results. */
const success = 0x00;
const readNotPermitted = 0x02;
const invalidOffset = 0x07;

export const createLockRadio = (
  air: Pick<Air, 'attachController'>,
  lock: LockPeripheral,
  distance: number,
): LockRadio => {
  const bleno = loadBleno();
  const controller = air.attachController({ address: lock.address, distance });
  const bindings = bleno.open(new VirtualHciSocket(controller));
  let connection: LockConnection | null = null;

  const endConnection = (): void => {
    const ended = connection;
    connection = null;
    ended?.disconnected();
  };

  const readable = (uuid: string, value: () => Uint8Array | null): BlenoAttribute =>
    bleno.characteristic({
      uuid,
      properties: ['read'],
      onReadRequest: (offset, answer) => {
        const bytes = value();
        if (bytes === null) answer(readNotPermitted);
        else if (offset > bytes.length) answer(invalidOffset);
        else answer(success, Buffer.from(bytes.subarray(offset)));
      },
    });

  const tx = bleno.characteristic({
    uuid: characteristicUuids.tx,
    properties: ['writeWithoutResponse'],
    onWriteRequest: (data, _offset, _withoutResponse, answer) => {
      connection?.receive(Uint8Array.from(data));
      answer(success);
    },
  });

  const rx = bleno.characteristic({
    uuid: characteristicUuids.rx,
    properties: ['notify'],
    onSubscribe: (longest, update) => {
      endConnection();
      const live = lock.connected((frame) => {
        if (connection === live) update(Buffer.from(frame));
      }, longest);
      connection = live;
    },
    onUnsubscribe: endConnection,
  });

  const advertise = (): void => {
    const { advertising, scanResponse } = lock.advertisement();
    // Data alone: while a kiosk is connected nothing may switch advertising on again.
    bindings._hci.setScanResponseData(Buffer.from(scanResponse));
    bindings._hci.setAdvertisingData(Buffer.from(advertising));
  };

  bindings.setServices([
    bleno.service(serviceUuid, [
      readable(characteristicUuids.info, () => lock.readInfo()),
      readable(characteristicUuids.enrolment, () => lock.readEnrolment()),
      readable(characteristicUuids.certificate, () => lock.readCertificate()),
      tx,
      rx,
    ]),
  ]);
  bindings.on('stateChange', (state: string) => {
    if (state !== 'poweredOn') return;
    const { advertising, scanResponse } = lock.advertisement();
    bindings.startAdvertisingWithEIRData(Buffer.from(advertising), Buffer.from(scanResponse));
  });
  bindings.on('disconnect', endConnection);
  start(bindings);
  const stopListening = lock.onAdvertisementChange(advertise);

  return {
    serialNumber: lock.serialNumber,
    address: lock.address,
    dispose: () => {
      stopListening();
      endConnection();
      controller.dispose();
      bindings.removeAllListeners();
    },
  };
};

/**
 * bleno polls its adapter every second for ever, and adds handlers to the process that end it on SIGINT: neither fits a
 * process that holds hundreds of them. A virtual controller is there from the start, so one look is enough.
 */
const start = (bindings: BlenoBindings): void => {
  const hci = bindings._hci;
  hci.pollIsDevUp = () => {
    hci.setSocketFilter();
    hci.initDev();
  };
  const handlers: Pick<EventEmitter, 'listeners' | 'rawListeners' | 'removeListener'> = process;
  const events = ['SIGINT', 'exit'];
  const before = new Set(events.flatMap((event) => handlers.rawListeners(event)));
  bindings.init();
  for (const event of events) {
    for (const handler of handlers.listeners(event)) {
      if (!before.has(handler)) handlers.removeListener(event, handler as () => void);
    }
  }
};
