import { expect, it } from 'vitest';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { createWriteCache, sectorBytes } from './write-cache.ts';

const sectors = (...values: readonly number[]): Buffer =>
  Buffer.concat(values.map((value) => Buffer.alloc(sectorBytes, value)));
const valuesOf = (disk: Buffer): readonly (number | undefined)[] =>
  Array.from({ length: disk.length / sectorBytes }, (_, index) => disk[index * sectorBytes]);
const random = seededRandom(1);

it('reads back at once what was written, and loses what it was not told to keep', () => {
  const disk = createWriteCache({ kept: sectors(0, 0, 0) });
  disk.write(sectorBytes, sectors(7, 7));
  expect(valuesOf(disk.read(0, disk.bytes))).toEqual([0, 7, 7]);
  expect(disk.unkept()).toBe(2 * sectorBytes);
  expect(valuesOf(disk.cut(random, 0))).toEqual([0, 0, 0]);
  expect(valuesOf(disk.cut(random, 1))).toEqual([0, 7, 7]);
});

it('keeps what it was told to keep, whatever comes after', () => {
  const disk = createWriteCache({ kept: sectors(0, 0) });
  disk.write(0, sectors(1, 1));
  disk.flush();
  expect(disk.unkept()).toBe(0);
  disk.write(0, sectors(2));
  expect(valuesOf(disk.cut(random, 0))).toEqual([1, 1]);
});

it('lets each sector survive or not by its seed, so that a write may be torn and a later one be there without an earlier', () => {
  const written = createWriteCache({ kept: sectors(...Array<number>(64).fill(0)) });
  written.write(0, sectors(...Array<number>(64).fill(5)));
  const half = valuesOf(written.cut(seededRandom(3), 0.5));
  expect(half.filter((value) => value === 5).length).toBeGreaterThan(16);
  expect(half.filter((value) => value === 0).length).toBeGreaterThan(16);
  expect(valuesOf(written.cut(seededRandom(3), 0.5))).toEqual(half);
  expect(valuesOf(written.cut(seededRandom(4), 0.5))).not.toEqual(half);
});

it('that lies keeps nothing', () => {
  const disk = createWriteCache({ kept: sectors(0), lies: true });
  disk.write(0, sectors(9));
  disk.flush();
  expect(valuesOf(disk.cut(random, 0))).toEqual([0]);
});

it('takes whole sectors within the disk and nothing else', () => {
  const disk = createWriteCache({ kept: sectors(0) });
  expect(() => disk.write(1, sectors(1))).toThrow(RangeError);
  expect(() => disk.write(sectorBytes, sectors(1))).toThrow(RangeError);
  expect(() => disk.read(0, sectorBytes + 1)).toThrow(RangeError);
  expect(() => createWriteCache({ kept: Buffer.alloc(3) })).toThrow(RangeError);
});
