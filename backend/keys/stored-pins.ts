/** The PIN verifiers of everybody, in batches, as `storedKeys` has them: what a release before left in the open is encrypted, too. */
import { sql } from 'kysely';
import type { AtRest } from './at-rest.ts';
import type { Db } from '../store/database.ts';
import { batchSize, type KeyBatch, type Renewal, type StoredKey } from './key-batch.ts';
import { tellPinsLater } from './tell-pins.ts';
import { pinContext, verifierBytes, type PinAtRest } from './pins-at-rest.ts';

const pinColumns = ['pin', 'duress_pin'] as const;
type PinColumn = (typeof pinColumns)[number];

interface PinOf {
  readonly storeId: string;
  readonly staffId: string;
  readonly kept: PinAtRest;
}
type PinKey = StoredKey & { readonly row: PinOf };

const pinsAfter = async (
  db: Db,
  tenantId: string,
  column: PinColumn,
  after: PinOf | undefined,
  which: 'all' | 'in_the_open',
): Promise<PinOf[]> => {
  let query = db
    .selectFrom('staff')
    .select(['store_id as storeId', 'staff_id as staffId', `${column} as kept`])
    .where('tenant_id', '=', tenantId)
    .where('deleted', '=', false)
    .where(column, 'is not', null);
  if (which === 'in_the_open') query = query.where(sql<boolean>`${sql.ref(column)} -> 'sealed' IS NULL`);
  if (after)
    query = query.where(
      sql<boolean>`(store_id, staff_id) > (${after.storeId}::uuid, ${after.staffId}::uuid)`,
    );
  const rows = await query.orderBy('store_id').orderBy('staff_id').limit(batchSize).execute();
  return rows.flatMap(({ kept, ...row }) => (kept ? [{ ...row, kept }] : []));
};

/**
 * Not a new version of the rows: to the kiosks the verifiers are the same. Of what one of the release before has left in the open kiosks
 * are told anew later; where somebody holds a store for too long, its own stay as they are until the next look.
 */
const replacePins = async (
  db: Db,
  tenantId: string,
  column: PinColumn,
  all: readonly Renewal<PinKey>[],
  stop: AbortSignal | undefined,
): Promise<number> => {
  const opened = all.filter(({ key }) => key.inTheOpen).map(({ key }) => key.row.storeId);
  // First: what is sealed and not told again would keep people out.
  const noted = await tellPinsLater(db, tenantId, [...new Set(opened)], stop);
  const renewals = all.filter(({ key }) => !key.inTheOpen || noted.has(key.row.storeId));
  if (renewals.length === 0) return 0;
  const sealed = renewals.map(({ renewed }) => JSON.stringify({ sealed: renewed.toString('base64') }));
  const { numAffectedRows = 0n } = await sql`
    UPDATE staff AS kept SET ${sql.ref(column)} = fresh.sealed
    FROM unnest(
      ${renewals.map(({ key }) => key.row.storeId)}::uuid[],
      ${renewals.map(({ key }) => key.row.staffId)}::uuid[],
      ${renewals.map(({ key }) => JSON.stringify(key.row.kept))}::jsonb[],
      ${sealed}::jsonb[]
    ) AS fresh (store_id, staff_id, before, sealed)
    WHERE kept.tenant_id = ${tenantId} AND kept.store_id = fresh.store_id
      AND kept.staff_id = fresh.staff_id AND kept.${sql.ref(column)} = fresh.before`.execute(db);
  return Number(numAffectedRows);
};

const storedIn = async function* (
  db: Db,
  tenantId: string,
  column: PinColumn,
  which: 'all' | 'in_the_open',
  stop: AbortSignal | undefined,
): AsyncGenerator<KeyBatch<PinKey>> {
  const context = pinContext(tenantId);
  const keyOf = (row: PinOf): PinKey =>
    'sealed' in row.kept
      ? { row, context, encrypted: Buffer.from(row.kept.sealed, 'base64'), serialNumber: null }
      : { row, context, encrypted: verifierBytes(row.kept), serialNumber: null, inTheOpen: true };
  let rows: PinOf[] = [];
  do {
    rows = await pinsAfter(db, tenantId, column, rows.at(-1), which);
    yield {
      keys: rows.map(keyOf),
      replace: (renewals) => replacePins(db, tenantId, column, renewals, stop),
    };
  } while (rows.length === batchSize && !stop?.aborted);
};

export const storedPins = async function* (
  db: Db,
  tenantId: string,
  which: 'all' | 'in_the_open' = 'all',
  stop?: AbortSignal,
): AsyncGenerator<KeyBatch<PinKey>> {
  for (const column of pinColumns) if (!stop?.aborted) yield* storedIn(db, tenantId, column, which, stop);
};

/** Encrypts those that a release before, at work beside this one, has left in the open since the last look. Tells how many. Ends early with `stop`. */
export const sealPinsInTheOpen = async (
  ports: {
    readonly db: Db;
    readonly tenantId: string;
    readonly atRest: Pick<AtRest, 'encrypt'>;
  },
  stop?: AbortSignal,
): Promise<number> => {
  let sealed = 0;
  for await (const batch of storedPins(ports.db, ports.tenantId, 'in_the_open', stop))
    sealed += await batch.replace(
      batch.keys.map((key) => ({ key, renewed: ports.atRest.encrypt(key.encrypted, key.context) })),
    );
  return sealed;
};
