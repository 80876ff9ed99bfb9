/** Each of an operator's acts leaves one row in the journal, whatever comes of it. */
import type { FastifyRequest } from 'fastify';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { ActSubject, OperatorAct } from '../admin/operator-acts.ts';
import type { NoteAct, OperatorJournal } from '../admin/operator-journal.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { answerTo } from './failures.ts';
import { toOperator } from './operator-words.ts';

export interface OperatorCalls {
  /** Notes by which name the caller's token goes. */
  know(request: FastifyRequest, operator: string): void;
  /**
   * Runs `work`, which throws where it fails and notes in its own transaction what it does. `outcomeOf`: for work that fails
   * without throwing; `done`, or why not.
   */
  readonly act: <T>(
    request: FastifyRequest,
    act: OperatorAct,
    subject: ActSubject,
    work: (note: NoteAct) => Promise<T>,
    outcomeOf?: (done: T) => string,
  ) => Promise<T>;
}

export const createOperatorCalls = (journal: OperatorJournal, logger: Logger): OperatorCalls => {
  const names = new WeakMap<FastifyRequest, string>();
  return {
    know: (request, operator) => void names.set(request, operator),
    act: async (request, act, subject, work, outcomeOf = () => 'done') => {
      const call = journal.begin({ operator: names.get(request) ?? '', act, subject });
      try {
        const done = await work(call.note);
        await call.end(outcomeOf(done));
        return done;
      } catch (failure) {
        const { code } = toOperator(answerTo(failure), failure).error;
        // Where the database is away neither the act nor its failure can be written: the caller hears of the first.
        await call.end(code).catch((unwritten: unknown) => {
          logger.error('an act of an operator that failed is not in the journal', describeThrown(unwritten));
        });
        throw failure;
      }
    },
  };
};
