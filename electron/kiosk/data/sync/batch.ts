/**
 * How much goes into one request: so many rows, and so many bytes, because what carries it may take less than the backend does.
 * Where even that is refused as too large (413), half of it, down to one row.
 */
import { failed, type Answer } from './answer.ts';

/** Of JSON. Less than the megabyte that nginx and many gateways take when nobody has set anything. */
export const bytesPerRequest = 900_000;

export interface Batches {
  /** Sends the first of `rows`, as many as get through. Answers what `send` does, for those that it was given. */
  send<T, A>(
    rows: readonly T[],
    send: (some: readonly T[]) => Promise<Answer<A>>,
  ): Promise<Answer<{ readonly sent: readonly T[]; readonly answer: A }>>;
}

/** Remembers what got through: the next batch begins with no more. */
export const createBatches = (): Batches => {
  let mostRows = Number.POSITIVE_INFINITY;
  return {
    send: async (rows, send) => {
      for (;;) {
        const some = fitting(rows, mostRows);
        const answer = await send(some);
        if (answer.ok) return { ok: true, value: { sent: some, answer: answer.value } };
        if (answer.problem.kind !== 'too_large' || some.length <= 1) return failed(answer.problem);
        mostRows = Math.ceil(some.length / 2);
      }
    },
  };
};

const fitting = <T>(rows: readonly T[], mostRows: number): readonly T[] => {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row));
    return index > 0 && (index >= mostRows || bytes > bytesPerRequest);
  });
  return end < 0 ? rows : rows.slice(0, end);
};
