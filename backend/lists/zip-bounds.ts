/**
 * What a ZIP file really unpacks to, found out by unpacking it within bounds: the sizes that it gives are whatever its maker wrote, and
 * a kilobyte can be a gigabyte. Reads the directory as APPNOTE 4.3 has it; what few files have (ZIP64, encryption) is refused.
 */
import { inflateRawSync } from 'node:zlib';

export interface ZipBounds {
  readonly entries: number;
  /** Of all entries together, unpacked. */
  readonly bytes: number;
}
export type ZipProblem = 'not_a_workbook' | 'too_large_unpacked';
/** Looks at an entry that is unpacked; what it says ends the unpacking. */
export type Look = (unpacked: Buffer) => ZipProblem | 'far_cell' | null;

const signature = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50 } as const;
const stored = 0;
const deflated = 8;
const isEncrypted = 1;

const endOf = (file: Buffer): number => {
  for (let at = file.length - 22; at >= Math.max(0, file.length - 65_557); at -= 1)
    if (file.readUInt32LE(at) === signature.end) return at;
  return -1;
};

const unpack = (packed: Buffer, method: number, most: number): Buffer | ZipProblem => {
  if (method === stored) return packed.length > most ? 'too_large_unpacked' : packed;
  if (method !== deflated) return 'not_a_workbook';
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (thrown) {
    const isOver = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';
    return isOver ? 'too_large_unpacked' : 'not_a_workbook';
  }
};

/** Null: it is within them. */
export const beyondBounds = (file: Buffer, bounds: ZipBounds, look: Look = () => null): ReturnType<Look> => {
  const end = endOf(file);
  if (end < 0) return 'not_a_workbook';
  const entries = file.readUInt16LE(end + 10);
  if (entries > bounds.entries) return 'too_large_unpacked';
  let at = file.readUInt32LE(end + 16);
  let left = bounds.bytes;
  for (let entry = 0; entry < entries; entry += 1) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== signature.central) return 'not_a_workbook';
    if ((file.readUInt16LE(at + 8) & isEncrypted) !== 0) return 'not_a_workbook';
    const packed = file.readUInt32LE(at + 20);
    const local = file.readUInt32LE(at + 42);
    if (local + 30 > file.length || file.readUInt32LE(local) !== signature.local) return 'not_a_workbook';
    const begin = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    if (begin + packed > file.length) return 'not_a_workbook';
    const unpacked = unpack(file.subarray(begin, begin + packed), file.readUInt16LE(at + 10), left);
    if (typeof unpacked === 'string') return unpacked;
    const problem = look(unpacked);
    if (problem) return problem;
    left -= unpacked.length;
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return null;
};
