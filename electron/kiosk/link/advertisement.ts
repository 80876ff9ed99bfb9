/**
 * What a lock advertises. Service UUID and manufacturer data fill the 31 bytes of the advertising PDU exactly: Windows
 * filters on the advertisement, and a scan response can be lost. The scan response carries the whole serial number.
 *
 *   advertising    02 01 06  ·  11 07 <service UUID, little-endian>  ·  09 ff <company id, LE> <state> <battery> <serial suffix>
 *   scan response  19 21 <service UUID, little-endian> <serial number, 8 bytes>
 *
 * `state` is the version (1) in the high four bits and the flags (flags.ts) in the low four. Nothing here is authenticated.
 */
import { concatBytes, fromHex, toHex } from './bytes.ts';
import { flagsByte, readFlags, type LockFlags } from './flags.ts';
import { companyId, serviceUuid } from './gatt.ts';

const version = 1;

export interface AdvertisedState extends LockFlags {
  /** Percent. */
  readonly battery: number;
}

export interface DecodedAdvertisement extends AdvertisedState {
  /** The whole serial number, once the scan response was heard; else null. */
  readonly serialNumber: string | null;
  /** Its last 8 digits, always there. */
  readonly serialSuffix: string;
}

const littleEndianUuid = fromHex(serviceUuid).reverse();
const company = Uint8Array.of(companyId & 0xff, companyId >> 8);

const structure = (type: number, data: Uint8Array): Uint8Array =>
  concatBytes([Uint8Array.of(data.length + 1, type), data]);

/** The manufacturer data, company id included: 8 bytes. */
const manufacturerData = (serialNumber: string, state: AdvertisedState): Uint8Array =>
  concatBytes([
    company,
    Uint8Array.of((version << 4) | flagsByte(state), state.battery),
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

/**
 * Reads what a platform reports of both PDUs: manufacturer data with its company id, service data without its UUID.
 * null for anything that is not a lock of this version, or whose two halves contradict each other.
 */
export const decodeAdvertisement = (
  manufacturer: Uint8Array,
  serviceData: Uint8Array | null,
): DecodedAdvertisement | null => {
  const [low, high, state, battery] = manufacturer;
  if (manufacturer.length !== 8 || state === undefined || battery === undefined) return null;
  if (low !== company[0] || high !== company[1] || state >> 4 !== version || battery > 100) return null;
  const serialSuffix = toHex(manufacturer.subarray(4));
  const serialNumber = serviceData === null ? null : toHex(serviceData);
  if (serialNumber !== null && (serialNumber.length !== 16 || !serialNumber.endsWith(serialSuffix)))
    return null;
  return { ...readFlags(state), battery, serialSuffix, serialNumber };
};
