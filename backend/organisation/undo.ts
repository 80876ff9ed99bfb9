/** Work of a transaction that undoes all of it where it comes to an expected failure. */
import type { AppError, Result } from '#shared/errors/app-error.ts';
import type { Db, Tx } from '../store/database.ts';

class Undone extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}

export const allOrNothing = async <T>(db: Db, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> => {
  try {
    return await db.transaction().execute(async (tx) => {
      const done = await work(tx);
      if (!done.ok) throw new Undone(done.error);
      return done;
    });
  } catch (thrown) {
    if (thrown instanceof Undone) return { ok: false, error: thrown.error };
    throw thrown;
  }
};
