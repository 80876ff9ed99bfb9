/** What a lock advertises, written: wire/advertisement.ts has the form. */
import { serviceUuid } from '../../radio/gatt-profile.ts';
import { advertisedVersion, companyBytes, type AdvertisedState } from '../wire/advertisement.ts';
import { concatBytes, fromHex } from '../wire/bytes.ts';
import { flagsByte } from './flags.ts';

const littleEndianUuid = fromHex(serviceUuid).reverse();

const structure = (type: number, data: Uint8Array): Uint8Array =>
  concatBytes([Uint8Array.of(data.length + 1, type), data]);

/** The manufacturer data, company id included: 8 bytes. */
const manufacturerData = (serialNumber: string, state: AdvertisedState): Uint8Array =>
  concatBytes([
    companyBytes,
    Uint8Array.of((advertisedVersion << 4) | flagsByte(state), state.battery),
    fromHex(serialNumber).subarray(4),
  ]);

/** AD structures of both PDUs, at most 31 bytes each. `battery` is a whole percentage. */
export const encodeAdvertisement = (
  serialNumber: string,
  state: AdvertisedState,
): { advertising: Uint8Array; scanResponse: Uint8Array } => ({
  advertising: concatBytes([
    structure(0x01, Uint8Array.of(0x06)),
    structure(0x07, littleEndianUuid),
    structure(0xff, manufacturerData(serialNumber, state)),
  ]),
  scanResponse: structure(0x21, concatBytes([littleEndianUuid, fromHex(serialNumber)])),
});
