/**
 * The key that the kiosk's database is sealed with. It is wrapped like the kiosk's other keys and goes with the database, not with
 * them: a kiosk that is registered anew has its data still (docs/data.md). There are two copies, for without it all is lost.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { describeThrown } from '#shared/errors/thrown.ts';
import { readJson } from '#shared/models/json.ts';
import { onDisk } from '../platform/disk-failure.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import { dataKeyPaths } from './data-key-paths.ts';
import { eraseFile, readIfPresent, writeDurably } from './durable-file.ts';
import type { SecretStore } from './port.ts';

const keyLength = 32;

const fileSchema = z.strictObject({
  format: z.literal(1),
  key: z.base64(),
  /** Whether the database may still be one that an earlier release wrote in the open. */
  takesPlain: z.boolean(),
});

export interface DataKey {
  readonly key: KeyObject;
  readonly takesPlain: boolean;
}

/** `none`: this machine has nowhere to keep one, and nothing was sealed. `locked`: there is one, and it can't be read. */
export type FoundDataKey = DataKey | 'none' | 'locked';

export interface DataKeys {
  /** Path of the copy beside the database. */
  readonly path: string;
  /** Reads the key, or makes the first one. Rejects with `storage.disk_full` or `storage.read_only` where that could not be kept. */
  find(): Promise<FoundDataKey>;
  /** Nothing is in the open any more, and nothing that is will be believed. */
  allSealed(found: DataKey): Promise<void>;
  /** Makes another in its place, which is lost; `none` where it could not be kept. */
  renew(): Promise<DataKey | 'none'>;
}

export interface DataKeysOptions {
  readonly dataDir: string;
  readonly secretStore: SecretStore | null;
  /** Whether anything says that a database was sealed before: then a key that is not there is lost, and none is made. */
  readonly wasSealed: () => Promise<boolean>;
  readonly random: Random;
  readonly logger: Logger;
}

export const createDataKeys = (options: DataKeysOptions): DataKeys => {
  const { dataDir, secretStore, random, logger } = options;
  const paths = dataKeyPaths(dataDir);

  const keep = async (store: SecretStore, { key, takesPlain }: DataKey): Promise<void> => {
    const plain = encode(key, takesPlain);
    try {
      const wrapped = await store.wrap(plain);
      for (const path of paths) await onDisk(() => writeDurably(path, wrapped));
    } finally {
      plain.fill(0);
    }
  };

  const make = async (store: SecretStore, takesPlain: boolean): Promise<DataKey> => {
    const bytes = Buffer.from(random.bytes(keyLength));
    const made = { key: createSecretKey(bytes), takesPlain };
    bytes.fill(0);
    await keep(store, made);
    return made;
  };

  /** A copy that was lost, or is older, is written again from the other. */
  const heal = async (wrapped: Buffer, copies: readonly (Buffer | null)[]): Promise<void> => {
    for (const [index, path] of paths.entries()) {
      if (copies[index]?.equals(wrapped)) continue;
      await writeDurably(path, wrapped).catch((error: unknown) =>
        logger.warn('copy of the data key not written', describeThrown(error)),
      );
    }
  };

  const find = async (): Promise<FoundDataKey> => {
    const copies = await Promise.all(paths.map((path) => onDisk(() => readIfPresent(path))));
    const present = copies.filter((copy) => copy !== null);
    if (!secretStore) return present.length > 0 ? 'locked' : 'none';
    if (present.length === 0) return (await options.wasSealed()) ? 'locked' : make(secretStore, true);
    for (const wrapped of present) {
      const found = await unwrap(secretStore, wrapped);
      if (!found) continue;
      await heal(wrapped, copies);
      return found;
    }
    logger.error('data key cannot be opened', { secretStore: secretStore.kind });
    return 'locked';
  };

  return {
    path: paths[0],
    find,
    allSealed: async ({ key, takesPlain }) => {
      if (takesPlain && secretStore) await keep(secretStore, { key, takesPlain: false });
    },
    renew: async () => {
      for (const path of paths) await onDisk(() => eraseFile(path));
      return secretStore ? make(secretStore, false) : 'none';
    },
  };
};

const encode = (key: KeyObject, takesPlain: boolean): Buffer => {
  const file: z.input<typeof fileSchema> = { format: 1, key: key.export().toString('base64'), takesPlain };
  return Buffer.from(JSON.stringify(file));
};

/** Null where the secret store can't, or what it gives is none. Why could carry parts of the secret, so nothing of it is kept. */
const unwrap = async (store: SecretStore, wrapped: Buffer): Promise<DataKey | null> => {
  try {
    const plain = Buffer.from(await store.unwrap(wrapped));
    const file = readJson(fileSchema, plain.toString('utf8'));
    plain.fill(0);
    if (!file) return null;
    const bytes = Buffer.from(file.key, 'base64');
    const key = bytes.length === keyLength ? createSecretKey(bytes) : null;
    bytes.fill(0);
    return key && { key, takesPlain: file.takesPlain };
  } catch {
    return null;
  }
};
