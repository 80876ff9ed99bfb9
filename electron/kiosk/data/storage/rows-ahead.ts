/** Rows that are read before anybody can make anything of them. */
import type { SqlRow } from './sql-connection.ts';

const bytesOf = (row: SqlRow): number => {
  const body = row.at(-1);
  return typeof body === 'string' ? 2 * body.length : body instanceof Uint8Array ? body.byteLength : 0;
};

/** The same rows in the same order: as many as `mostBytes` have room for are read now, the others when it is their turn. Good once. */
export const rowsAhead = (rows: Iterable<SqlRow>, mostBytes: number): Iterable<SqlRow> => {
  const iterator = rows[Symbol.iterator]();
  const ahead: SqlRow[] = [];
  let bytes = 0;
  while (bytes < mostBytes) {
    const next = iterator.next();
    if (next.done === true) return ahead;
    ahead.push(next.value);
    bytes += bytesOf(next.value);
  }
  return followedBy(ahead, { [Symbol.iterator]: () => iterator });
};

function* followedBy(first: readonly SqlRow[], others: Iterable<SqlRow>): Generator<SqlRow> {
  yield* first;
  yield* others;
}
