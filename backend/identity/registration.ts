/** One-time registration codes, and the registration of a kiosk with one. */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { RegisterAnswer, RegisterRequest } from '#shared/http/contract.ts';
import type { BackendKey } from '../keys/backend-key.ts';
import { isPointOfP256 } from '../keys/sealer.ts';
import type { Db, Tx } from '../store/database.ts';
import type { VendorRoot } from '../trust/vendor-root.ts';

/** No 0, O, 1 or I: what a person can read aloud. 16 characters of 32 are 80 bits. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const codeLifetimeMs = 24 * 3_600_000;

/** Only the hash is kept, and looked up by: nothing that is compared depends on how much of a guess was right. */
const hashOf = (code: string): Buffer => createHash('sha256').update(code).digest();

export interface KioskRegistrations {
  /** Null when there is no such store. `note` runs in the transaction that makes it. The code is valid once and for `codeLifetimeMs`. */
  createCode(
    storeId: string,
    note: (tx: Tx) => Promise<void>,
  ): Promise<{ readonly code: string; readonly expiresAt: number } | null>;
  /** Fails with `sync.registration_refused`, or `sync.unreachable` while the vendor's root is not known yet. */
  register(request: RegisterRequest): Promise<Result<RegisterAnswer>>;
}

export const createKioskRegistrations = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly owner: string;
  readonly backendKey: BackendKey;
  readonly vendorRoot: VendorRoot;
  now(): number;
}): KioskRegistrations => {
  const { db, tenantId } = ports;
  return {
    createCode: async (storeId, note) => {
      const groups = Array.from({ length: 4 }, () =>
        Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)] ?? '').join(''),
      );
      const code = groups.join('-');
      const expiresAt = ports.now() + codeLifetimeMs;
      return db.transaction().execute(async (tx) => {
        const store = await tx
          .selectFrom('stores')
          .select('store_id')
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .executeTakeFirst();
        if (!store) return null;
        await tx.deleteFrom('registration_codes').where('expires_at', '<', ports.now()).execute();
        await tx
          .insertInto('registration_codes')
          .values({
            tenant_id: tenantId,
            store_id: storeId,
            code_hash: hashOf(code),
            expires_at: expiresAt,
            kiosk_id: null,
          })
          .execute();
        await note(tx);
        return { code, expiresAt };
      });
    },

    register: async (request) => {
      const vendorRoot = await ports.vendorRoot.get();
      if (vendorRoot === null) return fail('sync.unreachable');
      if (!isPointOfP256(request.signingKey) || !isPointOfP256(request.sealingKey)) {
        return fail('sync.registration_refused');
      }
      const kiosk = await db.transaction().execute(async (tx) => {
        const code = await tx
          .selectFrom('registration_codes')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('code_hash', '=', hashOf(request.code))
          .forUpdate()
          .executeTakeFirst();
        if (!code || code.expires_at <= ports.now()) return null;
        if (code.kiosk_id !== null) {
          // The answer may have been lost: the same kiosk, known by its key, gets the same answer again.
          const before = await tx
            .selectFrom('kiosks')
            .selectAll()
            .where('tenant_id', '=', tenantId)
            .where('kiosk_id', '=', code.kiosk_id)
            .executeTakeFirst();
          const same =
            before?.signing_key.x === request.signingKey.x && before.signing_key.y === request.signingKey.y;
          return same && before.revoked_at === null
            ? { kioskId: before.kiosk_id, storeId: before.store_id }
            : null;
        }
        const kioskId = randomUUID();
        await tx
          .insertInto('kiosks')
          .values({
            tenant_id: tenantId,
            store_id: code.store_id,
            kiosk_id: kioskId,
            name: request.name,
            signing_key: JSON.stringify(request.signingKey),
            sealing_key: JSON.stringify(request.sealingKey),
            registered_at: ports.now(),
            keys_registered_at: ports.now(),
            last_seen_at: null,
            revoked_at: null,
          })
          .execute();
        await tx
          .updateTable('registration_codes')
          .set({ kiosk_id: kioskId })
          .where('tenant_id', '=', tenantId)
          .where('code_hash', '=', code.code_hash)
          .execute();
        return { kioskId, storeId: code.store_id };
      });
      if (!kiosk) return fail('sync.registration_refused');
      const store = await db
        .selectFrom('stores')
        .select('name')
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', kiosk.storeId)
        .executeTakeFirstOrThrow();
      return ok({
        ...kiosk,
        storeName: store.name,
        backendKey: ports.backendKey.publicJwk,
        vendorRoot,
        owner: ports.owner,
      });
    },
  };
};
