/** The `info` characteristic as a lock writes it: wire/info.ts has the form. */
import { fromHex } from '../wire/bytes.ts';
import { encodeCbor } from '../wire/cbor/encode.ts';
import type { CborValue } from '../wire/cbor/value.ts';
import { infoFrom, linkVersion, type LockInfo } from '../wire/info.ts';
import { flagsByte } from './flags.ts';

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
  if (infoFrom(value) === null) throw new RangeError('info: a value is out of range');
  return encodeCbor(value);
};
