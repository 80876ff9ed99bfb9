/** Hands a kiosk what has changed in its store since a version, in the order of versions, deletions included. */
import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { z } from 'zod';
import type { CollectionName } from '#shared/models/documents.ts';
import type { PublicJwk, PullAnswer, pullQuerySchema } from '#shared/http/contract.ts';
import { toEnrolment } from '../enrolment/enrolment-row.ts';
import { keyContext } from '../enrolment/registration-outcome.ts';
import type { KioskIdentity } from '../identity/tokens.ts';
import type { AtRest } from '../keys/at-rest.ts';
import { createSealer } from '../keys/sealer.ts';
import type { Db, Tx } from '../store/database.ts';
import { standingOf, wentThrough } from '../store/history.ts';
import type { Tables } from '../store/tables.ts';
import { holdsEvent } from './journal-claim.ts';

export type PulledCollection = Exclude<CollectionName, 'accessEvents'>;
type PulledTable = 'stores' | 'locks' | 'key_certificates' | 'trust' | 'staff' | 'enrolments';
type Document = PullAnswer['documents'][number];

export type PullQuery = z.infer<typeof pullQuerySchema>;

interface Page {
  readonly tenantId: string;
  readonly kiosk: KioskIdentity;
  /** Only where something is sealed: read in the page's own snapshot, so that it is never a key that was replaced before. */
  readonly sealingKey: PublicJwk | null;
  readonly after: number;
  readonly limit: number;
  readonly atRest: AtRest;
}

export const createPull =
  (ports: { readonly db: Db; readonly tenantId: string; readonly atRest: AtRest }) =>
  (collection: PulledCollection, kiosk: KioskIdentity, query: PullQuery): Promise<PullAnswer> =>
    // One snapshot for the page and for the count of what is left.
    ports.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (tx): Promise<PullAnswer> => {
        const { tenantId, atRest } = ports;
        const { after, limit, seen, journal } = query;
        const scope = { tenantId, ...kiosk };
        const standing = await standingOf(tx, scope);
        if (seen !== undefined && !(await wentThrough(tx, scope, seen, standing))) return otherHistory;
        const { documents, remaining } = await readers[collection](tx, {
          ...{ tenantId, kiosk, atRest, after, limit },
          sealingKey: collection === 'keyCertificates' ? await sealingKeyOf(tx, tenantId, kiosk) : null,
        });
        const isLost = journal !== undefined && !(await holdsEvent(tx, scope, journal));
        return {
          documents,
          // A kiosk that asks for what comes after it has seen what a restored backup no longer holds.
          checkpoint: documents.at(-1)?.version ?? Math.min(after, standing.sequence),
          remaining,
          ...(standing.point === null ? {} : { point: standing.point }),
          ...(isLost ? { journalLost: true } : {}),
        };
      });

const otherHistory: PullAnswer = { documents: [], checkpoint: 0, remaining: 0, otherHistory: true };

const sealingKeyOf = async (tx: Tx, tenantId: string, kiosk: KioskIdentity): Promise<PublicJwk> => {
  const { sealing_key: key } = await tx
    .selectFrom('kiosks')
    .select('sealing_key')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', kiosk.storeId)
    .where('kiosk_id', '=', kiosk.kioskId)
    .executeTakeFirstOrThrow();
  return key;
};

const trustFields = (row: Selectable<Tables['trust']>): object => {
  switch (row.kind) {
    case 'intermediate':
      return { certificate: row.certificate, notBefore: row.not_before, notAfter: row.not_after };
    case 'revocation_list':
      return { list: row.list };
    case 'release_order':
      return { serialNumber: row.serial_number, token: row.token };
  }
};

type Reader = (tx: Tx, page: Page) => Promise<Pick<PullAnswer, 'documents' | 'remaining'>>;

const all = sql`true`;

/** Every condition is in the WHERE, none is applied after the LIMIT: a short page is the end. */
const reader =
  <T extends PulledTable>(
    table: T,
    toDocuments: (rows: Selectable<Tables[T]>[], page: Page) => Document[],
    condition: RawBuilder<unknown> = all,
  ): Reader =>
  async (tx, page) => {
    const rowsAfter = (version: number): RawBuilder<unknown> =>
      sql`FROM ${sql.table(table)} WHERE tenant_id = ${page.tenantId} AND store_id = ${page.kiosk.storeId}
          AND version > ${version} AND ${condition}`;
    const { rows } = await sql<
      Selectable<Tables[T]>
    >`SELECT * ${rowsAfter(page.after)} ORDER BY version LIMIT ${page.limit}`.execute(tx);
    const documents = toDocuments(rows, page);
    const last = documents.at(-1);
    if (!last || rows.length < page.limit) return { documents, remaining: 0 };
    const left = await sql<{ count: number }>`SELECT count(*) AS count ${rowsAfter(last.version)}`.execute(
      tx,
    );
    return { documents, remaining: left.rows[0]?.count ?? 0 };
  };

const readers: Record<PulledCollection, Reader> = {
  store: reader('stores', (rows) =>
    rows.map((row) => ({
      storeId: row.store_id,
      name: row.name,
      policy: row.policy,
      version: row.version,
      deleted: row.deleted,
    })),
  ),
  locks: reader('locks', (rows) =>
    rows.map((row) => ({
      serialNumber: row.serial_number,
      type: row.type,
      name: row.name,
      group: row.group_name,
      deviceCertificate: row.device_certificate,
      version: row.version,
      deleted: row.deleted,
    })),
  ),
  keyCertificates: reader('key_certificates', (rows, { tenantId, sealingKey, atRest }) => {
    if (rows.length === 0 || sealingKey === null) return [];
    const sealer = createSealer(sealingKey);
    return rows.map((row) => ({
      serialNumber: row.serial_number,
      sealed: row.deleted
        ? ''
        : sealer.seal(atRest.decrypt(row.encrypted, keyContext(tenantId, row.serial_number))),
      version: row.version,
      deleted: row.deleted,
    }));
  }),
  trust: reader('trust', (rows) =>
    rows.map((row) => ({
      trustId: row.trust_id,
      kind: row.kind,
      owner: row.owner,
      ...trustFields(row),
      version: row.version,
      deleted: row.deleted,
    })),
  ),
  staff: reader('staff', (rows) =>
    rows.map((row) => ({
      staffId: row.staff_id,
      name: row.name,
      pin: row.pin,
      version: row.version,
      deleted: row.deleted,
    })),
  ),
  // An import came from an operator: no kiosk has a queue entry for it.
  enrolments: reader(
    'enrolments',
    (rows) => rows.map((row) => ({ ...toEnrolment(row), deleted: row.deleted })),
    sql`origin = 'kiosk'`,
  ),
};
