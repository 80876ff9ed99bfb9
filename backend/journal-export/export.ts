/** The journals of a store as files that kiosks give, too (docs/journal-format.md), made as they are read. */
import { CompactSign } from 'jose';
import { canonicalJson } from '#shared/models/journal-hash.ts';
import {
  signedJournalFormat,
  signedJournalText,
  signedJournalType,
  type JournalStatement,
} from '#shared/journal/signed-journal.ts';
import { backOfficeTable } from '#shared/journal/table.ts';
import type { JournalExportQuery } from '../admin/journal-routes.ts';
import type { BackendKey } from '../keys/backend-key.ts';
import type { Db } from '../store/database.ts';
import { chainPages, pieceOf, receivedPages } from './pages.ts';
import { createRows, readNames } from './rows.ts';

export interface JournalExport {
  /** Null: the store has no such kiosk. The store has to be there. */
  make(storeId: string, query: JournalExportQuery): Promise<AsyncIterable<string> | null>;
}

export const createJournalExport = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly backendKey: Pick<BackendKey, 'privateKey' | 'publicJwk'>;
  readonly now: () => number;
}): JournalExport => {
  const { db, tenantId, backendKey, now } = ports;

  async function* table(storeId: string, query: JournalExportQuery): AsyncGenerator<string> {
    const { kiosk: kioskId, from, until } = query;
    const place = { tenantId, storeId };
    const rowsOf = createRows(db, place, await readNames(db, place));
    yield backOfficeTable.head;
    for await (const page of receivedPages(db, { ...place, kioskId, from, until })) {
      const rows = await rowsOf(page);
      yield rows.map((row) => backOfficeTable.line(row)).join('');
    }
  }

  const signed = async (
    storeId: string,
    kiosk: { kioskId: string; name: string },
    query: JournalExportQuery,
  ) => {
    const { kioskId } = kiosk;
    const wanted = { tenantId, storeId, kioskId, from: query.from, until: query.until };
    const piece = await pieceOf(db, wanted);
    const store = await db
      .selectFrom('stores')
      .select(['name', 'rights', 'time_zone'])
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .executeTakeFirstOrThrow();
    const { events, first, last, previousHash, lastHash } = piece;
    const statement: JournalStatement = {
      format: signedJournalFormat,
      version: 1,
      signer: 'backend',
      kioskId,
      kioskName: kiosk.name,
      storeId,
      storeName: store.name,
      timeZone: store.rights?.timeZone ?? store.time_zone,
      exportedAt: Math.round(now()),
      exportedBy: null,
      events,
      first,
      last,
      previousHash,
      lastHash,
    };
    const signature = await new CompactSign(Buffer.from(canonicalJson(statement)))
      .setProtectedHeader({ alg: 'ES256', typ: signedJournalType })
      .sign(backendKey.privateKey);
    return (async function* (): AsyncGenerator<string> {
      yield signedJournalText.start({ statement, key: backendKey.publicJwk, signature });
      let isFirst = true;
      for await (const page of chainPages(db, wanted, piece)) {
        yield signedJournalText.events(page, isFirst);
        isFirst = false;
      }
      yield signedJournalText.end;
    })();
  };

  return {
    make: async (storeId, query) => {
      if (query.kiosk === undefined) return table(storeId, query);
      const kiosk = await db
        .selectFrom('kiosks')
        .select(['kiosk_id as kioskId', 'name'])
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('kiosk_id', '=', query.kiosk)
        .executeTakeFirst();
      if (!kiosk) return null;
      return query.as === 'csv' ? table(storeId, query) : signed(storeId, kiosk, query);
    },
  };
};
