/** The journal of what operators did: who, when, what, on what, and what came of it. No name, secret or PIN is in any row. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Db, Tx } from '../store/database.ts';
import { receiptTime } from '../store/steady-time.ts';
import type { JournalQuery } from './contract.ts';
import type { ActSubject, journalAnswerSchema, OperatorAct } from './operator-acts.ts';

/** Whoever calls with this token is written down by this name. */
export interface Operator {
  readonly name: string;
  readonly token: string;
}

/** Writes the act down as done, in the transaction in which it is done. */
export type NoteAct = (tx: Tx) => Promise<void>;

export interface ActUnderWay {
  readonly note: NoteAct;
  /**
   * Writes down what was not noted: that it changed nothing, or why it failed, by the error's code. One act leaves one row, also where
   * a commit's answer was lost and both are tried.
   */
  end(outcome: string): Promise<void>;
}

export interface ActOfOperator {
  readonly operator: string;
  readonly act: OperatorAct;
  readonly subject: ActSubject;
}

export interface OperatorJournal {
  begin(call: ActOfOperator): ActUnderWay;
  /** Newest first; on with the last one's `number` as `before`. */
  page(query: JournalQuery): Promise<z.input<typeof journalAnswerSchema>>;
}

export const createOperatorJournal = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): OperatorJournal => {
  const { db, tenantId } = ports;
  return {
    begin: ({ operator, act, subject }) => {
      const actId = randomUUID();
      let isNoted = false;
      const write = async (to: Db, outcome: string): Promise<void> => {
        await to
          .insertInto('operator_acts')
          .values({
            tenant_id: tenantId,
            act_id: actId,
            at: await receiptTime(to, tenantId, ports.now()),
            operator,
            act,
            outcome,
            subject: JSON.stringify(subject),
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      };
      return {
        note: async (tx) => {
          await write(tx, 'done');
          isNoted = true;
        },
        end: async (outcome) => {
          if (outcome !== 'done' || !isNoted) await write(db, outcome);
        },
      };
    },
    page: async ({ limit, before }) => ({
      acts: await db
        .selectFrom('operator_acts')
        .select(['number', 'at', 'operator', 'act', 'subject as on', 'outcome'])
        .where('tenant_id', '=', tenantId)
        .$if(before !== undefined, (query) => query.where('number', '<', before ?? 0))
        .orderBy('number', 'desc')
        .limit(limit)
        .execute(),
    }),
  };
};
