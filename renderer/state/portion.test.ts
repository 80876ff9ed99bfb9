import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostNew, nextPortion } from './portion.ts';

const lock = (n: number): { serialNumber: string } => ({ serialNumber: String(n) });
const anyList = fc.uniqueArray(fc.nat(200), { maxLength: 120 }).map((numbers) => numbers.map(lock));
const serials = (locks: readonly { serialNumber: string }[]): Set<string> =>
  new Set(locks.map(({ serialNumber }) => serialNumber));

test('what is drawn stays, the top of the list comes first, and a frame draws no more than it has time for', () => {
  fc.assert(
    fc.property(anyList, anyList, (list, before) => {
      const drawn = serials(before);
      const portion = serials(nextPortion(list, drawn));
      const added = list.filter(({ serialNumber }) => !drawn.has(serialNumber));
      expect(portion).toEqual(
        serials(list.filter((one) => drawn.has(one.serialNumber) || added.slice(0, mostNew).includes(one))),
      );
    }),
  );
});

test('portion by portion the whole list is drawn, in its own order', () => {
  fc.assert(
    fc.property(anyList, (list) => {
      let drawn: readonly { serialNumber: string }[] = [];
      for (let frame = 0; frame < Math.ceil(list.length / mostNew); frame += 1) {
        drawn = nextPortion(list, serials(drawn));
      }
      expect(drawn).toEqual(list);
    }),
  );
});
