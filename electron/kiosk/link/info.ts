/** The `info` characteristic: a CBOR array [version, serial number, type, firmware, flags, battery, frame size]. */
import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { isArray, isBytes, isUint, membersOf, type CborValue } from './cbor/value.ts';
import { fromHex, toHex } from './bytes.ts';
import { flagsByte, readFlags, type LockFlags } from './flags.ts';
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

const read = (value: CborValue): LockInfo | null => {
  if (!isArray(value) || value.length !== 7 || value[0] !== linkVersion) return null;
  const [, serial, type, firmware, flags, battery, frameSize] = value;
  if (!isBytes(serial) || serial.length !== 8 || !isText(type) || !isText(firmware)) return null;
  if (!isUint(flags, 0, 15) || !isUint(battery, 0, 100) || !isUint(frameSize, minFrame, maxFrame))
    return null;
  return { serialNumber: toHex(serial), type, firmware, ...readFlags(flags), battery, frameSize };
};

/** Throws RangeError for values that the wire does not carry: the lock's mistake. */
export const encodeInfo = (info: LockInfo): Uint8Array => {
  const value: CborValue = [
    linkVersion,
    fromHex(info.serialNumber),
    info.type,
    info.firmware,
    flagsByte(info),
    info.battery,
    info.frameSize,
  ];
  if (read(value) === null) throw new RangeError('info: a value is out of range');
  return encodeCbor(value);
};

/** Throws LinkError: `malformed`, or `unsupported` for another version of the link. */
export const decodeInfo = (bytes: Uint8Array): LockInfo => {
  const value = decodeCbor(bytes);
  const info = read(value);
  if (info !== null) return info;
  const [version] = membersOf(value);
  const otherVersion = typeof version === 'number' && version !== linkVersion;
  throw new LinkError(otherVersion ? 'unsupported' : 'malformed', 'info');
};
