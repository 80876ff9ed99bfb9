/** The `info` characteristic: a CBOR array [version, serial number, type, firmware, flags, battery, frame size]. */
import { decodeCbor } from './cbor/decode.ts';
import { isArray, isBytes, isUint, itemsOf, type CborValue } from './cbor/value.ts';
import { toHex } from './bytes.ts';
import { readFlags, type LockFlags } from './flags.ts';
import { maxFrame, minFrame } from './frames.ts';
import { LinkError } from './link-error.ts';

/** Version of the link that this code speaks. */
export const linkVersion = 1;

export interface LockInfo extends LockFlags {
  readonly serialNumber: string;
  /** "CAM" and the like, at most 16 characters; may be empty. */
  readonly type: string;
  /** At most 16 characters. */
  readonly firmware: string;
  /** Percent. */
  readonly battery: number;
  /** Largest frame that the lock takes and sends, 20 to 512 bytes. */
  readonly frameSize: number;
}

const isText = (value: CborValue | undefined): value is string =>
  typeof value === 'string' && value.length <= 16 && !/\p{Cc}/u.test(value);

/** What an item says of a lock; null for what is none, or out of its bounds. */
export const infoFrom = (value: CborValue): LockInfo | null => {
  if (!isArray(value) || value.length !== 7 || value[0] !== linkVersion) return null;
  const [, serial, type, firmware, flags, battery, frameSize] = value;
  if (!isBytes(serial) || serial.length !== 8 || !isText(type) || !isText(firmware)) return null;
  if (!isUint(flags, 0, 15) || !isUint(battery, 0, 100) || !isUint(frameSize, minFrame, maxFrame))
    return null;
  return { serialNumber: toHex(serial), type, firmware, ...readFlags(flags), battery, frameSize };
};

/** Throws LinkError: `malformed`, or `unsupported` for another version of the link. */
export const decodeInfo = (bytes: Uint8Array): LockInfo => {
  const value = decodeCbor(bytes);
  const info = infoFrom(value);
  if (info !== null) return info;
  const [version] = itemsOf(value);
  const otherVersion = typeof version === 'number' && version !== linkVersion;
  throw new LinkError(otherVersion ? 'unsupported' : 'malformed', 'info');
};
