/** The PIN verifiers of people who are assigned, in batches, as `storedKeys` has them. */
import { sql } from 'kysely';
import type { Db } from '../store/database.ts';
import { batchSize, type KeyBatch, type Renewal, type StoredKey } from './key-batch.ts';
import { pinContext } from './pins-at-rest.ts';

const columns = ['pin', 'duress_pin'] as const;
type PinKey = StoredKey & { readonly staffId: string; readonly kept: string };

const batchAfter = async (
  db: Db,
  tenantId: string,
  column: (typeof columns)[number],
  after: string | null,
): Promise<{ readonly keys: PinKey[]; readonly last: string | null }> => {
  const { rows } = await sql<{ staffId: string; kept: unknown; sealed: string | null }>`
    SELECT staff_id AS "staffId", ${sql.ref(column)} AS kept, ${sql.ref(column)} ->> 'sealed' AS sealed FROM people
    WHERE tenant_id = ${tenantId} AND NOT gone AND ${sql.ref(column)} IS NOT NULL
      AND (${after}::uuid IS NULL OR staff_id > ${after}::uuid)
    ORDER BY staff_id LIMIT ${batchSize}`.execute(db);
  const context = pinContext(tenantId);
  const keys = rows.flatMap(({ staffId, kept, sealed }) =>
    sealed === null
      ? []
      : [
          {
            staffId,
            kept: JSON.stringify(kept),
            context,
            encrypted: Buffer.from(sealed, 'base64'),
            serialNumber: null,
          },
        ],
  );
  return { keys, last: rows.length < batchSize ? null : (rows.at(-1)?.staffId ?? null) };
};

/** No change of the person: their PIN is the same. */
const replace = async (
  db: Db,
  tenantId: string,
  column: (typeof columns)[number],
  renewals: readonly Renewal<PinKey>[],
): Promise<number> => {
  if (renewals.length === 0) return 0;
  const { numAffectedRows = 0n } = await sql`
    UPDATE people SET ${sql.ref(column)} = fresh.sealed
    FROM unnest(
      ${renewals.map(({ key }) => key.staffId)}::uuid[],
      ${renewals.map(({ key }) => key.kept)}::jsonb[],
      ${renewals.map(({ renewed }) => JSON.stringify({ sealed: renewed.toString('base64') }))}::jsonb[]
    ) AS fresh (staff_id, before, sealed)
    WHERE people.tenant_id = ${tenantId} AND people.staff_id = fresh.staff_id
      AND people.${sql.ref(column)} = fresh.before`.execute(db);
  return Number(numAffectedRows);
};

export const storedPeoplePins = async function* (db: Db, tenantId: string): AsyncGenerator<KeyBatch<PinKey>> {
  for (const column of columns) {
    let after: string | null = null;
    do {
      const { keys, last }: Awaited<ReturnType<typeof batchAfter>> = await batchAfter(
        db,
        tenantId,
        column,
        after,
      );
      yield { keys, replace: (renewals) => replace(db, tenantId, column, renewals) };
      after = last;
    } while (after !== null);
  }
};
