/** Which kiosks may speak to us, with a short memory so that a request costs no query. */
import { sql } from 'kysely';
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import type { RevocationReason } from '#shared/models/revocation-reason.ts';
import { createGathering } from '../store/gathering.ts';
import { writtenHereOnly } from '../store/store-write.ts';
import { revokedChannel, type ChangeHub } from '../store/change-hub.ts';
import type { Db, Tx } from '../store/database.ts';
import { diskFullCode } from '../store/servers.ts';
import type { KioskOfStore } from './tokens.ts';

/** Runs in the transaction in which it is done. */
type Note = (tx: Tx) => Promise<void>;

export interface Kiosks {
  /** Fails with `sync.revoked`, or `sync.refused` when unknown. Also notes that the kiosk was seen. */
  requireActive(identity: KioskOfStore): Promise<Result<KioskOfStore>>;
  /** Asks the kiosk to take new key pairs; it hears of it with its next token. False when there is no such kiosk. */
  requestRotation(kioskId: string, note: Note): Promise<boolean>;
  /** False when there is no such kiosk. Holds for every instance at once; the first reason stands. */
  revoke(kioskId: string, reason: RevocationReason, note: Note): Promise<boolean>;
  dispose(): void;
}

/** How long a kiosk is remembered. A revocation does not wait for it: it is told at once to all instances. */
const memoryMs = 30_000;
const maxRemembered = 20_000;
const mostAtOnce = 100;

interface SeenRow {
  readonly store_id: string;
  readonly kiosk_id: string;
  readonly revoked_at: number | null;
}

/** Reads what these kiosks are, and writes down that they were seen, those whose rows nobody holds. */
const noteSeen = async (
  db: Db,
  tenantId: string,
  kiosks: readonly KioskOfStore[],
  now: number,
): Promise<readonly SeenRow[]> => {
  const stores = kiosks.map(({ storeId }) => storeId);
  const ids = kiosks.map(({ kioskId }) => kioskId);
  const here = sql`
    kiosks.tenant_id = ${tenantId}
    AND (kiosks.store_id, kiosks.kiosk_id) IN (SELECT * FROM unnest(${stores}::uuid[], ${ids}::uuid[]))`;
  // When it was last seen need not outlive this server: nobody who reads waits for a standby. A kiosk whose row somebody else holds is
  // noted by the next time: who waited for it would hold up all that are asked for with it.
  const noted = sql<SeenRow>`
    WITH ${writtenHereOnly}, free AS (
      SELECT store_id, kiosk_id FROM kiosks WHERE ${here} FOR NO KEY UPDATE SKIP LOCKED),
    noted AS (
      UPDATE kiosks SET last_seen_at = ${now} FROM here_only, free
      WHERE kiosks.tenant_id = ${tenantId} AND kiosks.store_id = free.store_id AND kiosks.kiosk_id = free.kiosk_id)
    SELECT store_id, kiosk_id, revoked_at FROM kiosks WHERE ${here}`;
  const { rows } = await noted.execute(db).catch((failure: unknown) => {
    if (codeOf(failure) !== diskFullCode) throw failure;
    return sql<SeenRow>`SELECT store_id, kiosk_id, revoked_at FROM kiosks WHERE ${here}`.execute(db);
  });
  return rows;
};

export const createKiosks = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly hub: ChangeHub;
  now(): number;
}): Kiosks => {
  const { db, tenantId } = ports;
  const remembered = createBoundedMap<
    string,
    { readonly kiosk: Result<KioskOfStore>; readonly until: number }
  >(maxRemembered);
  let revocations = 0;
  const heed = (kioskId: string | null): void => {
    revocations++;
    if (kioskId === null) remembered.clear();
    else remembered.delete(kioskId);
  };
  const unsubscribe = ports.hub.onRevoked(heed);

  const load = createGathering(async (kiosks: readonly KioskOfStore[]): Promise<Result<KioskOfStore>[]> => {
    const rows = await noteSeen(db, tenantId, kiosks, ports.now());
    const byId = new Map(rows.map((row) => [`${row.store_id} ${row.kiosk_id}`, row]));
    return kiosks.map(({ kioskId, storeId }) => {
      const row = byId.get(`${storeId} ${kioskId}`);
      if (!row) return fail('sync.refused');
      return row.revoked_at === null ? ok({ kioskId, storeId }) : fail('sync.revoked');
    });
  }, mostAtOnce);

  /** Of many requests that come at once, one asks. */
  const loading = new Map<string, Promise<Result<KioskOfStore>>>();
  const loadOnce = (identity: KioskOfStore): Promise<Result<KioskOfStore>> => {
    const key = `${identity.storeId} ${identity.kioskId} ${revocations}`;
    const known = loading.get(key);
    if (known) return known;
    const next = load(identity).finally(() => loading.delete(key));
    loading.set(key, next);
    return next;
  };

  return {
    requireActive: async (identity) => {
      const known = remembered.get(identity.kioskId);
      if (known && known.until > ports.now()) return known.kiosk;
      const before = revocations;
      const kiosk = await loadOnce(identity);
      // What was read while a revocation arrived may be older than it: it serves this request and is not remembered.
      if (revocations !== before) return kiosk;
      remembered.set(identity.kioskId, { kiosk, until: ports.now() + memoryMs });
      return kiosk;
    },
    requestRotation: (kioskId, note) =>
      db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('kiosks')
          .set({ rotation_requested_at: ports.now() })
          .where('tenant_id', '=', tenantId)
          .where('kiosk_id', '=', kioskId)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await note(tx);
        return true;
      }),
    revoke: async (kioskId, reason, note) => {
      const revokedId = await db.transaction().execute(async (tx) => {
        const revoked = await tx
          .updateTable('kiosks')
          .set((row) => ({
            revoked_at: row.fn.coalesce('revoked_at', sql<number>`${ports.now()}::bigint`),
            revoked_reason: row
              .case()
              .when('revoked_at', 'is', null)
              .then(reason)
              .else(row.ref('revoked_reason'))
              .end(),
          }))
          .where('tenant_id', '=', tenantId)
          .where('kiosk_id', '=', kioskId)
          .returning('kiosk_id')
          .executeTakeFirst();
        if (!revoked) return null;
        // Not as the operator wrote it: a UUID may come in capitals.
        await sql`SELECT pg_notify(${revokedChannel}, ${revoked.kiosk_id})`.execute(tx);
        await note(tx);
        return revoked.kiosk_id;
      });
      // Here it holds before the operator is answered: the database tells it some time after that.
      if (revokedId !== null) heed(revokedId);
      return revokedId !== null;
    },
    dispose: unsubscribe,
  };
};
