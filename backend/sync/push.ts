/** What is said around the rows of a push: whether the backend is where the kiosk remembers it, and where it stands then. */
import type { z } from 'zod';
import type { PushAnswer, PushResult, pushRequestSchema } from '#shared/http/contract.ts';
import { modelsRevision } from '#shared/models/documents.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { Db } from '../store/database.ts';
import { standingOf, wasAt } from '../store/history.ts';
import { holdsEvent } from './journal-claim.ts';

export type PushRequest = z.infer<typeof pushRequestSchema>;
export type Push = (kiosk: KioskOfStore, request: PushRequest) => Promise<PushAnswer>;
type StoreRows = (kiosk: KioskOfStore, rows: readonly unknown[]) => Promise<PushResult[]>;

interface PushPorts {
  readonly db: Db;
  readonly tenantId: string;
}

/**
 * Enrolments that were changed on top of another history are not judged by this one. The answer's point covers what was
 * stored: the kiosk notes it before it takes the rows for acknowledged.
 */
export const pushInHistory =
  ({ db, tenantId }: PushPorts, storeRows: StoreRows): Push =>
  async (kiosk, { rows, seen }) => {
    const scope = { tenantId, storeId: kiosk.storeId };
    if (seen !== undefined && !(await wasAt(db, scope, seen))) {
      return { results: [], otherHistory: true };
    }
    const results = await storeRows(kiosk, rows);
    const { point } = await standingOf(db, scope);
    return { results, modelsRevision, ...(point === null ? {} : { point }) };
  };

/** Events after some that were lost would be filed as a gap: first the kiosk delivers those again. */
export const pushOntoJournal =
  ({ db, tenantId }: PushPorts, storeRows: StoreRows): Push =>
  async (kiosk, { rows, journal }) => {
    if (journal !== undefined && !(await holdsEvent(db, { tenantId, ...kiosk }, journal))) {
      return { results: [], journalLost: true };
    }
    return { results: await storeRows(kiosk, rows), modelsRevision };
  };
