/**
 * Brings everything that lies encrypted under the present master secret, and says when the one before is no longer needed. Each
 * row is changed by one statement, so a backend that is killed in between has rows of both kinds, and the next start goes on.
 */
import { z } from 'zod';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { BackendPorts } from '../platform/ports.ts';
import type { Db } from '../store/database.ts';
import type { AtRest } from './at-rest.ts';
import type { KnownSecrets } from './known-secrets.ts';
import type { StoredKey } from './key-batch.ts';
import { storedKeys } from './stored-keys.ts';

export const sealingStateSchema = z.strictObject({
  /** Whether `SEALING_SECRET_PREVIOUS` has to stay, as far as this instance has seen. */
  previousSecret: z.enum(['not_set', 'needed', 'not_needed']),
  /** Encrypted values at the last look, and how many of them neither secret opens. */
  keys: z.int(),
  unreadable: z.int(),
  /** Brought under the present secret by this instance since its start. */
  renewed: z.int(),
  /** Milliseconds since the epoch; null before the first look is done. */
  checkedAt: z.int().nullable(),
});
export type SealingState = Readonly<z.infer<typeof sealingStateSchema>>;

export interface SecretChange {
  readonly state: SealingState;
  dispose(): Promise<void>;
}

const againMs = 600_000;
const retryMs = 30_000;

const isRenewal = <T extends { readonly renewed: unknown }>(
  each: T,
): each is T & { readonly renewed: Buffer } => Buffer.isBuffer(each.renewed);

export const createSecretChange = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly atRest: AtRest;
  readonly known: KnownSecrets;
  readonly hasPrevious: boolean;
  /** False while the database takes no writes. */
  mayWrite(): boolean;
  readonly platform: Pick<BackendPorts, 'now' | 'logger'>;
}): SecretChange => {
  const { db, tenantId, atRest, hasPrevious, platform } = ports;
  const { logger } = platform;
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;
  let renewed = 0;
  let last = { keys: 0, unreadable: 0 };
  let checkedAt: number | null = null;
  let previousSecret: SealingState['previousSecret'] = hasPrevious ? 'needed' : 'not_set';

  const renew = (key: StoredKey): Buffer | 'unreadable' | null => {
    try {
      return key.inTheOpen
        ? atRest.encrypt(key.encrypted, key.context)
        : atRest.renew(key.encrypted, key.context);
    } catch {
      return 'unreadable';
    }
  };

  /** Null where it was broken off; `left` are those that another instance changed meanwhile. */
  const look = async (): Promise<{ keys: number; unreadable: number; left: number } | null> => {
    const found = { keys: 0, unreadable: 0, left: 0 };
    for await (const batch of storedKeys(db, tenantId)) {
      if (disposed || !ports.mayWrite()) return null;
      const fresh = batch.keys.map((key) => ({ key, renewed: renew(key) }));
      const renewals = fresh.filter(isRenewal);
      const replaced = await batch.replace(renewals);
      renewed += replaced;
      found.keys += batch.keys.length;
      found.left += renewals.length - replaced;
      for (const { key } of fresh.filter((each) => each.renewed === 'unreadable')) {
        // The first is named, so that somebody can look; the others are counted.
        if (found.unreadable++ === 0) {
          logger.error('a key that no secret opens', { serialNumber: key.serialNumber });
        }
      }
    }
    return found;
  };

  const settle = async (): Promise<boolean> => {
    // Another instance may have found its own work done and taken the note back.
    if (hasPrevious) await ports.known.note(false);
    const found = await look();
    if (!found) return false;
    const { left, ...rest } = found;
    last = rest;
    checkedAt = platform.now();
    if (rest.unreadable > 0) logger.error('keys that no secret opens', rest);
    if (!hasPrevious) return true;
    // What neither opens is lost: the one before does not help it, so it need not stay for that.
    const isDone = left === 0;
    if (isDone) await ports.known.forgetOthers();
    if (isDone && previousSecret === 'needed') {
      logger.info('SEALING_SECRET_PREVIOUS is no longer needed', { keys: rest.keys, renewed });
    }
    previousSecret = isDone ? 'not_needed' : 'needed';
    return isDone;
  };

  const run = async (): Promise<void> => {
    let isDone = false;
    try {
      isDone = await settle();
    } catch (failure) {
      logger.warn('looking through the stored keys', describeThrown(failure));
    }
    if (disposed || (isDone && !hasPrevious)) return;
    const next = (): void => {
      running = run();
    };
    timer = setTimeout(next, isDone ? againMs : retryMs);
  };
  let running = run();

  return {
    get state() {
      return { previousSecret, ...last, renewed, checkedAt };
    },
    dispose: async () => {
      disposed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
