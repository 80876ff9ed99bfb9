/** Reads one page of each collection: its rows after a version, and what a kiosk is told of each. */
import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { SealedPin } from '#shared/models/documents.ts';
import type { PublicJwk, PullAnswer } from '#shared/http/contract.ts';
import type { BadgeKeys } from '../badges/badge-key.ts';
import { duressFor, type Listener } from '../duress/duress-alarms.ts';
import { toEnrolment } from '../enrolment/enrolment-row.ts';
import { keyContext } from '../enrolment/registration-outcome.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { namesAbove } from '../organisation/levels.ts';
import type { AtRest } from '../keys/at-rest.ts';
import type { PinsAtRest } from '../keys/pins-at-rest.ts';
import { createSealer } from '../keys/sealer.ts';
import type { Tx } from '../store/database.ts';
import { languageField } from '../store/language-column.ts';
import { personFields } from '../store/person-rights.ts';
import type { Tables } from '../store/tables.ts';
import { pageBytes, rowsAtOnce } from './page-size.ts';
import { sourceOf, type PulledCollection, type PulledTable } from './pulled.ts';

export type Document = PullAnswer['documents'][number];

export interface Page {
  readonly tenantId: string;
  readonly kiosk: KioskOfStore;
  /** Only where something is sealed: none that was replaced before the page was asked for. */
  readonly sealingKey: PublicJwk | null;
  /** Only for a store's own document. */
  readonly listener: Listener | null;
  readonly names: Awaited<ReturnType<typeof namesAbove>> | null;
  readonly after: number;
  readonly limit: number;
  readonly atRest: AtRest;
  readonly pins: PinsAtRest;
  readonly badgeKeys: Pick<BadgeKeys, 'open'>;
}

/** Left out of a lock that a backend of the release before, still at work beside this one, has just written. */
const placeField = ({ place_id: place, spare }: Selectable<Tables['locks']>): object =>
  spare || place !== null ? { place } : {};

const trustFields = (row: Selectable<Tables['trust']>): object => {
  switch (row.kind) {
    case 'intermediate':
      return { certificate: row.certificate, notBefore: row.not_before, notAfter: row.not_after };
    case 'revocation_list':
    case 'revocation_part':
      return { list: row.list };
    case 'release_order':
      return { serialNumber: row.serial_number, token: row.token };
  }
};

export interface ReadPage {
  /** Made in pieces; others get on while it breathes. */
  readonly documents: (breathe: () => Promise<void>) => Promise<Document[]>;
  readonly remaining: number;
}
type Reader = (tx: Tx, page: Page) => Promise<ReadPage>;
type Toward<T extends PulledTable> = (page: Page) => (row: Selectable<Tables[T]>) => Document;

/** Rows of which no caller chooses the size. */
const small = sql`0`;

/**
 * Every condition is in the WHERE, none is applied after the LIMIT. `bytesOf`: the size of a row's large columns; a page ends
 * early where their sum would go beyond `pageBytes`, and has one row at least.
 */
const reader =
  <T extends PulledTable>(
    { table, condition }: { readonly table: T; readonly condition: RawBuilder<unknown> },
    toDocument: Toward<T>,
    bytesOf: RawBuilder<unknown> = small,
  ): Reader =>
  async (tx, page) => {
    const rowsAfter = (version: number): RawBuilder<unknown> =>
      sql`FROM ${sql.table(table)} WHERE tenant_id = ${page.tenantId} AND store_id = ${page.kiosk.storeId}
          AND version > ${version} AND ${condition}`;
    const { rows } = await sql<Selectable<Tables[T]> & { version: number }>`
      SELECT * FROM (
        SELECT *, sum(${bytesOf}) OVER (ORDER BY version ROWS UNBOUNDED PRECEDING) AS bytes,
               row_number() OVER (ORDER BY version) AS place
        ${rowsAfter(page.after)} ORDER BY version LIMIT ${page.limit}) AS page
      WHERE place = 1 OR bytes <= ${pageBytes} ORDER BY version`.execute(tx);
    const last = rows.at(-1);
    const documents: ReadPage['documents'] = (breathe) => inPieces(rows, toDocument(page), breathe);
    if (!last) return { documents, remaining: 0 };
    const left = await sql<{ count: number }>`SELECT count(*) AS count ${rowsAfter(last.version)}`.execute(
      tx,
    );
    return { documents, remaining: left.rows[0]?.count ?? 0 };
  };

/** A page of keys takes this process for a while: others get on in between. */
const inPieces = async <R, D>(
  rows: readonly R[],
  toDocument: (row: R) => D,
  breathe: () => Promise<void>,
): Promise<D[]> => {
  const documents: D[] = [];
  for (const [at, row] of rows.entries()) {
    if (at > 0 && at % rowsAtOnce === 0) await breathe();
    documents.push(toDocument(row));
  }
  return documents;
};

const keySealing: Toward<'key_certificates'> = ({ tenantId, sealingKey, atRest }) => {
  if (sealingKey === null) throw new Error('keys are read without a key to seal them to');
  const sealer = createSealer(sealingKey);
  return (row) => ({
    serialNumber: row.serial_number,
    sealed: row.deleted
      ? ''
      : sealer.seal(atRest.decrypt(row.encrypted, keyContext(tenantId, row.serial_number))),
    version: row.version,
    deleted: row.deleted,
  });
};

/** In the open to kiosks that know no other form; a duress PIN is nothing to those. */
const pinFieldFor = ({ sealingKey, pins }: Page): ((row: Selectable<Tables['staff']>) => object) => {
  if (sealingKey === null) return ({ pin }) => ({ pin: pins.open(pin) });
  const sealer = createSealer(sealingKey);
  return ({ staff_id: staffId, pin, duress_pin: duressPin, deleted }) => {
    if (deleted) return { sealedPin: '' };
    const verifier: SealedPin = {
      staffId,
      pin: pins.open(pin),
      ...(duressPin ? { duressPin: pins.open(duressPin) } : {}),
    };
    return { sealedPin: sealer.seal(Buffer.from(JSON.stringify(verifier))) };
  };
};

export const readers: Record<PulledCollection, Reader> = {
  store: reader(sourceOf.store, (page) => {
    const { sealingKey, listener } = page;
    if (sealingKey === null || listener === null) throw new Error('a store is read for nobody');
    const badgeKeyField = (row: Selectable<Tables['stores']>): object => {
      const key = row.badge_key && page.badgeKeys.open(row.store_id, row.badge_key);
      return key ? { badgeKey: createSealer(sealingKey).seal(key) } : {};
    };
    return (row) => ({
      storeId: row.store_id,
      name: row.name,
      ...page.names,
      policy: row.policy,
      ...(row.rights === null ? {} : { rights: row.rights }),
      ...duressFor(listener, row.duress),
      ...badgeKeyField(row),
      ...languageField(row),
      version: row.version,
      deleted: row.deleted,
    });
  }),
  locks: reader(
    sourceOf.locks,
    () => (row) => ({
      serialNumber: row.serial_number,
      type: row.type,
      name: row.name,
      group: row.group_name,
      ...placeField(row),
      deviceCertificate: row.device_certificate,
      version: row.version,
      deleted: row.deleted,
    }),
    sql`octet_length(device_certificate)`,
  ),
  keyCertificates: reader(sourceOf.keyCertificates, keySealing, sql`octet_length(encrypted)`),
  trust: reader(
    sourceOf.trust,
    () => (row) => ({
      trustId: row.trust_id,
      kind: row.kind,
      owner: row.owner,
      ...trustFields(row),
      version: row.version,
      deleted: row.deleted,
    }),
    sql`coalesce(octet_length(list), 0)`,
  ),
  staff: reader(sourceOf.staff, (page) => {
    const pinField = pinFieldFor(page);
    return (row) => ({
      staffId: row.staff_id,
      name: row.name,
      ...pinField(row),
      ...(row.badges === null ? {} : { badges: row.badges }),
      ...personFields(row),
      ...languageField(row),
      version: row.version,
      deleted: row.deleted,
    });
  }),
  enrolments: reader(
    sourceOf.enrolments,
    () => (row) => ({ ...toEnrolment(row), deleted: row.deleted }),
    sql`octet_length(enrolment_code) + octet_length(device_certificate)`,
  ),
};
