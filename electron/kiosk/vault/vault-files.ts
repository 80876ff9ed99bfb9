/** What the vault's files say at the start. Unwrapping the keys can take a while; nothing else is needed for it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown } from '#shared/errors/thrown.ts';
import { onDisk } from '../platform/disk-failure.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { readIfPresent, writeDurably } from './durable-file.ts';
import { decodeIdentity, encodeIdentity } from './identity-file.ts';
import { decodeKeyRing, type KeyRing } from './key-ring.ts';
import type { KioskIdentity, SecretStore, VaultState } from './port.ts';

export interface VaultFiles {
  readonly keysPath: string;
  readonly identityPath: string;
  /** What was `identity.json` until the vault was erased. A rename needs no room, so a full disk takes it, too. */
  readonly erasurePath: string;
  readonly state: VaultState;
  readonly ring: KeyRing | null;
  readonly identity: KioskIdentity | null;
  readonly isLeftErasing: boolean;
  /** The identity is of a release that seals the kiosk's data: a key that is missing is lost. */
  readonly wasSealed: boolean;
}

/** The kiosk's data can't be opened: a kiosk that knows nothing of its store opens nothing, whatever keys it has. */
export const withoutKeys = (files: VaultFiles): VaultFiles => ({
  ...files,
  ring: null,
  state: files.state === 'ready' ? 'cannot_open' : files.state,
});

export interface VaultFilesOptions {
  /** Folder of the two files `keys.wrapped` and `identity.json`; made (0700) where it is missing. */
  readonly dir: string;
  readonly secretStore: SecretStore | null;
  readonly logger: Logger;
}

/** An identity of a release that left its names in the open is written anew; where the disk takes nothing, by the next start. */
export const sealNames = async (files: VaultFiles, logger: Logger): Promise<void> => {
  const { identity, ring, wasSealed, identityPath } = files;
  if (!identity || !ring || wasSealed) return;
  await writeDurably(identityPath, encodeIdentity(identity, ring.current)).catch((error: unknown) =>
    logger.warn('names not sealed', describeThrown(error)),
  );
};

/**
 * Never rejects for what the files hold: unreadable ones answer with the state `cannot_open`. Rejects with `storage.read_only` or
 * `storage.disk_full` where the files themselves cannot be reached or made.
 */
export const readVaultFiles = async (options: VaultFilesOptions): Promise<VaultFiles> => {
  const { dir, secretStore, logger } = options;
  const paths = {
    keysPath: join(dir, 'keys.wrapped'),
    identityPath: join(dir, 'identity.json'),
    erasurePath: join(dir, 'identity.erased'),
  };
  await onDisk(() => mkdir(dir, { recursive: true, mode: 0o700 }));
  let state: VaultState = secretStore ? 'ready' : 'no_secret_store';
  let ring: KeyRing | null = null;
  let identity: KioskIdentity | null = null;
  let wasSealed = false;
  const cannotOpen = (what: string): void => {
    state = 'cannot_open';
    logger.error('vault cannot be opened', { what, secretStore: secretStore?.kind ?? null });
  };

  const wrapped = await onDisk(() => readIfPresent(paths.keysPath));
  if (wrapped && secretStore) {
    try {
      const plain = await secretStore.unwrap(wrapped);
      ring = decodeKeyRing(plain);
      plain.fill(0);
    } catch {
      // Why it failed may carry parts of the secret, so nothing of the error is kept.
      cannotOpen('keys');
    }
  }
  const identityBytes = await onDisk(() => readIfPresent(paths.identityPath));
  // Beside an identity it is older than that.
  const isLeftErasing =
    identityBytes === null && (await onDisk(() => readIfPresent(paths.erasurePath))) !== null;
  if (identityBytes) {
    const read = decodeIdentity(identityBytes, ring);
    if (read.kind === 'read') ({ identity, isSealed: wasSealed } = read);
    if (state === 'ready' && !(read.kind === 'read' && read.genuine)) {
      ring = null;
      cannotOpen('identity');
    }
  }
  return { ...paths, state, ring, identity, isLeftErasing, wasSealed };
};
