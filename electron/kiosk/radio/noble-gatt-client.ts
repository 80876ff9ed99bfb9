/**
 * GATT through noble's own classes, for the systems whose Bluetooth stack it sits on (Windows, macOS). Slower than
 * `hci-gatt-client.ts`, and the handles are the system's to cache.
 */
import { characteristicUuids, serviceUuid } from './gatt-profile.ts';
import { largestMtu, writeOverhead, type GattClient } from './gatt-client.ts';
import type { NobleCharacteristic, NoblePeripheral } from './noble-types.ts';
import { RadioError } from './port.ts';

/** What macOS agrees on with most peripherals; Windows more. Neither tells: the lock's `info` may ask for less. */
const likelyMtu = 185;

const settled = (start: (callback: (error: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    start((error) => {
      if (error) reject(new RadioError('att_error', { cause: error }));
      else resolve();
    });
  });

export const createNobleGattClient = (peripheral: NoblePeripheral): GattClient => {
  let found: readonly NobleCharacteristic[] = [];

  const characteristic = (name: keyof typeof characteristicUuids): NobleCharacteristic => {
    const match = found.find(({ uuid }) => uuid === characteristicUuids[name]);
    if (!match) throw new RadioError('att_error', { cause: `no ${name}` });
    return match;
  };

  const discover = (): Promise<readonly NobleCharacteristic[]> =>
    new Promise((resolve, reject) => {
      peripheral.discoverSomeServicesAndCharacteristics([serviceUuid], [], (error, _services, all) => {
        if (error) reject(new RadioError('att_error', { cause: error }));
        else resolve(all);
      });
    });

  const send = (frame: Uint8Array): Promise<void> =>
    settled((callback) => characteristic('tx').write(Buffer.from(frame), true, callback));

  return {
    open: async (onFrame, _onRefused, early) => {
      found = await discover();
      const rx = characteristic('rx');
      rx.on('data', (data: Buffer, isNotification: boolean) => {
        if (isNotification) onFrame(Uint8Array.from(data));
      });
      await settled((callback) => rx.subscribe(callback));
      for (const frame of early?.frames ?? []) await send(frame);
    },
    handles: () => null,
    maxFrame: () => Math.min(peripheral.mtu ?? likelyMtu, largestMtu) - writeOverhead,
    read: async (name) => {
      const source = characteristic(name);
      let bytes: Buffer = Buffer.alloc(0);
      await settled((callback) =>
        source.read((error, data) => {
          bytes = data ?? bytes;
          callback(error);
        }),
      );
      // A refusal arrives as no value, or as an empty one: nothing that this service offers is empty.
      if (bytes.length === 0) throw new RadioError('att_error', { cause: 'empty value' });
      return Uint8Array.from(bytes);
    },
    send,
    dispose: () => {
      for (const each of found) each.removeAllListeners();
    },
  };
};
