/** A key that was revoked gives way to the one that the vendor has issued in its place: for the same lock, with a higher epoch. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { keyMaterialSchema, type KeyMaterial } from '#shared/models/documents.ts';
import { keyContext } from '../enrolment/registration-outcome.ts';
import type { AtRest } from '../keys/at-rest.ts';
import type { Db } from '../store/database.ts';
import { rowsOf, type LockOfStore } from '../store/lock-row.ts';
import { changeStore } from '../store/store-write.ts';
import { judgeNewKey } from '../trust/judge-new-key.ts';
import { openKeyCheck } from '../trust/key-check.ts';
import { readList } from '../trust/revocation-list.ts';
import { heldParts } from '../trust/revocations.ts';
import type { LiveLockApi } from '../live-lock/live-lock-api.ts';
import type { NoteAct } from './operator-journal.ts';

export interface KeyReplacement {
  /**
   * Reads the lock's key again at the vendor's and keeps it in place of the one that is held; the store's kiosks get it with their
   * next pull. Fails with `enrolment.not_found` where the store has no such lock, `sync.unreachable` where the vendor did not answer,
   * `enrolment.already_registered` (`not_readable`) where it gives no key again, and `enrolment.wrong_key` where what it gives is not
   * a newer key of this lock: the one that is held stays then.
   */
  replace(storeId: string, serialNumber: string, note: NoteAct): Promise<Result<null>>;
}

/** Each is lost to another change of the same key only. */
const mostAttempts = 3;

export const createKeyReplacement = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly owner: string;
  readonly api: Pick<LiveLockApi, 'recover'>;
  readonly atRest: AtRest;
  now(): number;
}): KeyReplacement => {
  const { db, tenantId, owner, api, atRest } = ports;

  const heldKey = async (lock: LockOfStore) => {
    const row = await db
      .selectFrom('key_certificates')
      .select(['encrypted', 'version'])
      .where((row) => row.and({ ...rowsOf(lock), deleted: false }))
      .executeTakeFirst();
    if (!row) return null;
    const plain = atRest.decrypt(row.encrypted, keyContext(tenantId, lock.serialNumber)).toString('utf8');
    return { material: keyMaterialSchema.parse(JSON.parse(plain)), version: row.version };
  };

  /** Below which epoch the lock takes no key, as far as it is known here. */
  const revokedBelow = async (serialNumber: string): Promise<number> => {
    const parts = await heldParts(db, { tenantId, owner });
    return Math.max(0, ...parts.map(({ list }) => readList(list)?.locks.get(serialNumber) ?? 0));
  };

  const ask = async (serialNumber: string, held: KeyMaterial): Promise<Result<KeyMaterial>> => {
    const check = await openKeyCheck(ports, serialNumber);
    if (!check) return fail('sync.unreachable');
    const answer = await api.recover(serialNumber);
    switch (answer.kind) {
      case 'unknown':
        return fail('sync.unreachable');
      case 'not_available':
        return fail('enrolment.already_registered', { serialNumber, reason: 'not_readable' });
      case 'unreadable':
        return fail('enrolment.wrong_key', { serialNumber, reason: 'unreadable' });
      case 'registered': {
        const { material } = answer;
        const reason =
          check(material) ?? judgeNewKey(material, { held, revokedBelow: await revokedBelow(serialNumber) });
        return reason === null ? ok(material) : fail('enrolment.wrong_key', { serialNumber, reason });
      }
    }
  };

  /** Null where the key that is held has become another one meanwhile. */
  const attempt = async (
    storeId: string,
    serialNumber: string,
    note: NoteAct,
  ): Promise<Result<null> | null> => {
    const lock: LockOfStore = { tenantId, storeId, serialNumber };
    const held = await heldKey(lock);
    if (!held) return fail('enrolment.not_found');
    // No transaction is open while the vendor is asked.
    const asked = await ask(serialNumber, held.material);
    if (!asked.ok) return asked;
    const encrypted = atRest.encrypt(
      Buffer.from(JSON.stringify(asked.value)),
      keyContext(tenantId, serialNumber),
    );
    const isReplaced = await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
      const { numUpdatedRows } = await tx
        .updateTable('key_certificates')
        .set({ encrypted, version: nextVersion() })
        .where((row) => row.and({ ...rowsOf(lock), deleted: false }))
        // The lock may have been given back meanwhile, and enrolled anew with another key.
        .where('version', '=', held.version)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return false;
      await note(tx);
      return true;
    });
    return isReplaced ? ok(null) : null;
  };

  return {
    replace: async (storeId, serialNumber, note) => {
      // The one that another operator has put there is judged beside, or the lock has been given back.
      for (let attempts = 0; attempts < mostAttempts; attempts += 1) {
        const done = await attempt(storeId, serialNumber, note);
        if (done) return done;
      }
      return fail('sync.unreachable');
    },
  };
};
