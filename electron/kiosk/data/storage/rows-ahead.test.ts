import { expect, test } from 'vitest';
import { rowsAhead } from './rows-ahead.ts';
import type { SqlRow } from './sql-connection.ts';

const row = (n: number): SqlRow => [n, new Uint8Array(100)];

test.for([
  ['all are read now that there is room for', 1_000, 3],
  ['what there is no room for is read when it is its turn', 150, 2],
  ['without room none is', 0, 0],
])('%s', ([, room, ahead]) => {
  let read = 0;
  const rows = rowsAhead(
    (function* () {
      for (read = 1; read <= 3; read += 1) yield row(read);
    })(),
    Number(room),
  );
  expect(Math.min(read, 3)).toBe(ahead);
  expect([...rows].map(([n]) => n)).toEqual([1, 2, 3]);
});
