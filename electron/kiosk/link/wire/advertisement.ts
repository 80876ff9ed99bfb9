/**
 * What a lock advertises. Service UUID and manufacturer data fill the 31 bytes of the advertising PDU exactly: Windows
 * filters on the advertisement, and a scan response can be lost. The scan response carries the whole serial number.
 *
 *   advertising    02 01 06  ·  11 07 <service UUID, little-endian>  ·  09 ff <company id, LE> <state> <battery> <serial suffix>
 *   scan response  19 21 <service UUID, little-endian> <serial number, 8 bytes>
 *
 * `state` is the version (1) in the high four bits and the flags (flags.ts) in the low four. Nothing here is authenticated.
 */
import { toHex } from './bytes.ts';
import { readFlags, type LockFlags } from './flags.ts';

/** Of the form of an advertisement. */
export const advertisedVersion = 1;

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

/** Bluetooth SIG company identifier in the manufacturer data: 0xFFFF is set aside for use before one is assigned. */
export const companyId = 0xffff;

/** As it goes over the air: low byte first. */
export const companyBytes = Uint8Array.of(companyId & 0xff, companyId >> 8);

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
  if (
    low !== companyBytes[0] ||
    high !== companyBytes[1] ||
    state >> 4 !== advertisedVersion ||
    battery > 100
  )
    return null;
  const serialSuffix = toHex(manufacturer.subarray(4));
  const serialNumber = serviceData === null ? null : toHex(serviceData);
  if (serialNumber !== null && (serialNumber.length !== 16 || !serialNumber.endsWith(serialSuffix)))
    return null;
  return { ...readFlags(state), battery, serialSuffix, serialNumber };
};
