import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compactDecrypt, SignJWT } from 'jose';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { assertionLifetimeSeconds, tokenAudience } from '#shared/http/contract.ts';
import { keyMaterialSchema, type KeyMaterial } from '#shared/models/documents.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Random } from '../platform/random.ts';
import { eraseFile, readIfPresent, writeDurably } from './durable-file.ts';
import { decodeIdentity, encodeIdentity } from './identity-file.ts';
import {
  decodeKioskKeys,
  encodeKioskKeys,
  generateKioskKeys,
  publicJwk,
  type KioskKeys,
} from './kiosk-keys.ts';
import type { KioskIdentity, SecretStore, Vault, VaultState } from './port.ts';

export interface VaultOptions {
  /** Folder of the two files `keys.wrapped` and `identity.json`; made (0700) where it is missing. */
  readonly dir: string;
  /** null: this machine has nowhere to keep a secret, so the vault holds none (`no_secret_store`). */
  readonly secretStore: SecretStore | null;
  /** Issue times of client assertions; best the backend's time as far as it is known. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Opens the vault. Never rejects for what the files hold: unreadable ones answer with the state `cannot_open`. */
export const createVault = async (options: VaultOptions): Promise<Vault> => {
  const { dir, secretStore, clock, random, logger } = options;
  const keysPath = join(dir, 'keys.wrapped');
  const identityPath = join(dir, 'identity.json');
  await mkdir(dir, { recursive: true, mode: 0o700 });

  let state: VaultState = secretStore ? 'ready' : 'no_secret_store';
  let keys: KioskKeys | null = null;
  let identity: KioskIdentity | null = null;

  const cannotOpen = (what: string): void => {
    state = 'cannot_open';
    logger.error('vault cannot be opened', { what, secretStore: secretStore?.kind ?? null });
  };

  const wrapped = await readIfPresent(keysPath);
  if (wrapped && secretStore) {
    try {
      const plain = await secretStore.unwrap(wrapped);
      keys = decodeKioskKeys(plain);
      plain.fill(0);
    } catch {
      // Why it failed may carry parts of the secret, so nothing of the error is kept.
      cannotOpen('keys');
    }
  }
  const identityBytes = await readIfPresent(identityPath);
  if (identityBytes) {
    const read = decodeIdentity(identityBytes, keys);
    if (read.kind === 'read') identity = read.identity;
    if (state === 'ready' && !(read.kind === 'read' && read.genuine)) {
      keys = null;
      cannotOpen('identity');
    }
  }

  const keep = async (store: SecretStore, made: KioskKeys): Promise<void> => {
    const plain = encodeKioskKeys(made);
    try {
      await writeDurably(keysPath, await store.wrap(plain));
    } finally {
      plain.fill(0);
    }
  };

  return {
    get state() {
      return state;
    },
    get identity() {
      return identity;
    },

    prepareKeys: async () => {
      if (!secretStore) return fail('vault.no_secret_store');
      if (state !== 'ready') return fail('vault.cannot_open');
      if (!keys) {
        const made = await generateKioskKeys();
        await keep(secretStore, made);
        keys = made;
      }
      return ok({ signingKey: publicJwk(keys.signing), sealingKey: publicJwk(keys.sealing) });
    },

    saveIdentity: async (next) => {
      if (!keys) throw new Error('an identity is saved only after prepareKeys');
      await writeDurably(identityPath, encodeIdentity(next, keys));
      identity = next;
    },

    clientAssertion: async () => {
      if (!keys || !identity) throw new Error('only a registered kiosk can prove itself');
      const issuedAt = Math.floor(clock.now() / 1000);
      return (
        new SignJWT()
          .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
          .setIssuer(identity.kioskId)
          .setSubject(identity.kioskId)
          .setAudience(tokenAudience)
          .setIssuedAt(issuedAt)
          // A margin, so that a kiosk whose clock is a little ahead is not told that its assertion is valid for too long.
          .setExpirationTime(issuedAt + assertionLifetimeSeconds - 30)
          .setJti(random.uuid())
          .sign(keys.signing)
      );
    },

    open: (sealed) => openSealed(keys, sealed),

    erase: async () => {
      keys = null;
      identity = null;
      // The keys first: should the machine stop in between, what is left opens nothing.
      await eraseFile(keysPath);
      await eraseFile(identityPath);
      if (secretStore) state = 'ready';
      logger.info('vault erased');
    },
  };
};

const openSealed = async (keys: KioskKeys | null, sealed: string): Promise<Result<KeyMaterial>> => {
  if (!keys) return fail('vault.cannot_open');
  try {
    const { plaintext } = await compactDecrypt(sealed, keys.sealing, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    const parsed = keyMaterialSchema.safeParse(JSON.parse(Buffer.from(plaintext).toString('utf8')));
    plaintext.fill(0);
    return parsed.success ? ok(parsed.data) : fail('vault.cannot_open');
  } catch {
    // Not sealed to this kiosk, or changed on the way: the reason makes no difference and could carry plain text.
    return fail('vault.cannot_open');
  }
};
