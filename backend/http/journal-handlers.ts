/** What the route of journals does: a file that is sent as it is made, and a row in the journal of operators. */
import { Readable } from 'node:stream';
import { journalExportQuerySchema, journalTypes, type journalRoutes } from '../admin/journal-routes.ts';
import type { MissingParts } from '../admin/missing.ts';
import type { JournalExport } from '../journal-export/export.ts';
import { appError } from '../platform/app-error.ts';
import { HttpFailure, parseOr400 } from './failures.ts';
import { sent, type Handlers } from './mount.ts';
import type { OperatorCalls } from './operator-calls.ts';

export interface JournalServices {
  readonly journalExport: JournalExport;
  readonly missing: MissingParts;
}

const notFound = (what: 'store' | 'kiosk'): HttpFailure =>
  new HttpFailure(404, appError('operator.not_found', { what }));

export const journalHandlers = (
  { journalExport, missing }: JournalServices,
  { act }: OperatorCalls,
): Handlers<typeof journalRoutes> => ({
  journalExport: async ({ params: { storeId }, query: given, request, reply }) => {
    const query = parseOr400(journalExportQuerySchema, given);
    const { as, kiosk: kioskId } = query;
    const subject = { storeId, ...(kioskId === undefined ? {} : { kioskId }) };
    const file = await act(request, 'journal_exported', subject, async () => {
      if (!(await missing.hasStore(storeId))) throw notFound('store');
      const made = await journalExport.make(storeId, query);
      if (!made) throw notFound('kiosk');
      return made;
    });
    const day = new Date().toISOString().slice(0, 10);
    await reply
      .type(as === 'csv' ? `${journalTypes.csv}; charset=utf-8` : journalTypes.json)
      .header('content-disposition', `attachment; filename="latchpoint-journal-${day}.${as}"`)
      .send(Readable.from(file));
    return sent;
  },
});
