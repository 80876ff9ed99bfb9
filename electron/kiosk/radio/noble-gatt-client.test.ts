/** GATT through noble's classes, as the systems' own bindings answer. */
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { characteristicUuids } from './gatt-profile.ts';
import { createNobleGattClient } from './noble-gatt-client.ts';
import type { NobleCharacteristic, NoblePeripheral } from './noble-types.ts';

const characteristicOf = (uuid: string): NobleCharacteristic =>
  Object.assign(new EventEmitter(), {
    uuid,
    // A refusal, as the class of Windows and macOS tells it: no value, and the reason where noble does not look.
    read: (callback: (error: unknown, data: Buffer | undefined) => void) => callback(null, null as never),
    write: () => undefined,
    subscribe: (callback: (error: unknown) => void) => callback(null),
  });

it('a read without a value is refused as one with an empty value is', async () => {
  const all = Object.values(characteristicUuids).map(characteristicOf);
  const peripheral = {
    discoverSomeServicesAndCharacteristics: (
      _services: unknown,
      _characteristics: unknown,
      callback: (error: unknown, services: unknown, found: readonly NobleCharacteristic[]) => void,
    ) => callback(null, [], all),
  } as unknown as NoblePeripheral;
  const client = createNobleGattClient(peripheral);
  await client.open(
    () => undefined,
    () => undefined,
  );
  await expect(client.read('info')).rejects.toMatchObject({ failure: 'att_error' });
});
