/**
 * A disk with a write cache of its own, as disks have: what was written is read back at once, and is kept for good only once the disk was
 * told to keep it. When the plug is pulled, each sector of what it had not yet kept is there or is not.
 */
import type { Random } from '#kiosk/platform/random.ts';

export interface WriteCacheOptions {
  /** What is on it. */
  readonly kept: Buffer;
  /** A disk that answers that it has kept what it was told to keep, and has not. Tests have to notice it. */
  readonly lies?: boolean;
}

export interface WriteCache {
  readonly bytes: number;
  read(offset: number, length: number): Buffer;
  write(offset: number, data: Uint8Array): void;
  /** Keeps all that was written. */
  flush(): void;
  /** Bytes that would be lost by now. */
  unkept(): number;
  /** The plug is pulled: of what is not kept, each sector survives by that share. Answers what is then on the disk. */
  cut(random: Random, share: number): Buffer;
}

/** What a disk writes whole or not at all. */
export const sectorBytes = 512;

interface Write {
  readonly offset: number;
  readonly data: Buffer;
}

export const createWriteCache = ({ kept, lies = false }: WriteCacheOptions): WriteCache => {
  if (kept.length % sectorBytes !== 0) throw new RangeError('a disk has whole sectors');
  const now = Buffer.from(kept);
  const durable = Buffer.from(kept);
  let waiting: Write[] = [];
  const within = (offset: number, length: number): void => {
    if (offset < 0 || length < 0 || offset + length > now.length) throw new RangeError('beyond the disk');
  };
  return {
    bytes: now.length,
    read: (offset, length) => {
      within(offset, length);
      return Buffer.from(now.subarray(offset, offset + length));
    },
    write: (offset, data) => {
      within(offset, data.length);
      if (offset % sectorBytes !== 0 || data.length % sectorBytes !== 0) {
        throw new RangeError('a disk writes whole sectors');
      }
      const own = Buffer.from(data);
      own.copy(now, offset);
      waiting.push({ offset, data: own });
    },
    flush: () => {
      if (lies) return;
      for (const { offset, data } of waiting) data.copy(durable, offset);
      waiting = [];
    },
    unkept: () => waiting.reduce((sum, { data }) => sum + data.length, 0),
    cut: (random, share) => {
      const left = Buffer.from(durable);
      for (const { offset, data } of waiting) {
        for (let at = 0; at < data.length; at += sectorBytes) {
          if (random.float() < share) data.copy(left, offset + at, at, at + sectorBytes);
        }
      }
      return left;
    },
  };
};
