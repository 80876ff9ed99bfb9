/**
 * Which master secrets stored keys may be encrypted under, noted in the database by a name that is derived from each: so a backend
 * that was started without one of them says so at once, and not when the first key of a lock cannot be read.
 */
import { AppFailure } from '#shared/errors/app-error.ts';
import type { Db } from '../store/database.ts';
import { deriveKey } from './at-rest.ts';

export interface MasterSecrets {
  readonly present: string;
  /** What `present` took the place of, as long as it is given. */
  readonly previous?: string | undefined;
}

export interface KnownSecrets {
  /** Throws `config.invalid` while a secret is missing that keys may be encrypted under. */
  check(): Promise<void>;
  /**
   * Notes the present secret, before the key of a lock is encrypted under it. `withPrevious`: the one before as well, which has
   * proved to be it. One that has not is never noted: a slip of the pen must not be asked for ever after.
   */
  note(withPrevious: boolean): Promise<void>;
  /** To be called when nothing is left that only another than the present one opens. */
  forgetOthers(): Promise<void>;
}

const prefix = 'sealing secret ';
const nameBytes = 8;

/** As long as the secret itself is not guessed, it tells nothing of it. */
const nameOf = (secret: string): string =>
  prefix + deriveKey(secret, 'name of the secret 1').subarray(0, nameBytes).toString('hex');

const refusal = (path: string, problem: string): AppFailure =>
  new AppFailure('config.invalid', { source: 'environment', path, problem });

export const createKnownSecrets = (db: Db, tenantId: string, secrets: MasterSecrets): KnownSecrets => {
  const present = nameOf(secrets.present);
  const previous = secrets.previous === undefined ? [] : [nameOf(secrets.previous)];
  const given = [present, ...previous];

  const refuseUnlessKnown = (needed: readonly string[]): void => {
    if (needed.every((name) => given.includes(name))) return;
    if (!needed.some((name) => given.includes(name))) {
      throw refusal('SEALING_SECRET', 'is not the one that the keys in this database are encrypted with');
    }
    throw refusal(
      'SEALING_SECRET_PREVIOUS',
      'is missing, or not the one before: keys are left that only that one opens. Give it until the log says that it is no longer needed',
    );
  };

  return {
    check: async () => {
      const rows = await db
        .selectFrom('tenant_settings')
        .select('name')
        .where('tenant_id', '=', tenantId)
        .where('name', 'like', `${prefix}%`)
        .execute();
      refuseUnlessKnown(rows.map(({ name }) => name));
    },
    note: async (withPrevious) => {
      const names = withPrevious ? given : [present];
      await db
        .insertInto('tenant_settings')
        .values(names.map((name) => ({ tenant_id: tenantId, name, value: Buffer.alloc(0) })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    forgetOthers: async () => {
      await db
        .deleteFrom('tenant_settings')
        .where('tenant_id', '=', tenantId)
        .where('name', 'like', `${prefix}%`)
        .where('name', '!=', present)
        .execute();
    },
  };
};
