/**
 * One statement for many who ask at the same time: while one is under way, whoever asks gathers for the next. Who asks alone waits
 * for nobody, and a herd costs a few statements and commits instead of one each.
 */
import { codeOf } from '#shared/errors/thrown.ts';

/** SQLSTATE classes of what lies in what was asked, not in the database: data that cannot be taken. */
const isOwnFault = (failure: unknown): boolean => /^2[23]/.test(codeOf(failure));

interface Asked<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (failure: unknown) => void;
}

/**
 * `answer` gives one answer for each question, in their order; `most` questions are put at once. Where they fail together for what
 * one of them holds, each is asked alone, so that only that one fails.
 */
export const createGathering = <Q, A>(
  answer: (questions: readonly Q[]) => Promise<readonly A[]>,
  most: number,
): ((question: Q) => Promise<A>) => {
  const line: Asked<Q, A>[] = [];
  let isAsking = false;

  const put = async (batch: readonly Asked<Q, A>[]): Promise<void> => {
    try {
      const answers = await answer(batch.map(({ question }) => question));
      for (const [at, { resolve, reject }] of batch.entries()) {
        if (at < answers.length) resolve(answers[at] as A);
        else reject(new Error('a question without an answer'));
      }
    } catch (failure) {
      if (batch.length > 1 && isOwnFault(failure)) for (const each of batch) await put([each]);
      else for (const { reject } of batch) reject(failure);
    }
  };
  const work = async (): Promise<void> => {
    isAsking = true;
    // All that is asked in the same moment goes together.
    await Promise.resolve();
    while (line.length > 0) await put(line.splice(0, most));
    isAsking = false;
  };

  return (question) =>
    new Promise<A>((resolve, reject) => {
      line.push({ question, resolve, reject });
      if (!isAsking) void work();
    });
};
