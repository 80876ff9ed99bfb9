import type { SecretStore } from '#kiosk/vault/port.ts';

/** What is used of Electron's `safeStorage`. */
export interface SafeStoragePort {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(encrypted: Buffer): Promise<{ readonly result: string }>;
  /** Linux only. */
  getSelectedStorageBackend(): string;
}

/**
 * The operating system's secret store; null where there is none worth the name. On Linux, "basic_text" encrypts with a
 * password that everybody knows: it is refused, and the kiosk says that it has nowhere safe for its keys.
 */
export const createSafeStorageStore = async (
  safeStorage: SafeStoragePort,
  platform: NodeJS.Platform,
): Promise<SecretStore | null> => {
  const kind = storeKind(safeStorage, platform);
  if (kind === null || !(await safeStorage.isAsyncEncryptionAvailable())) return null;
  return {
    kind,
    wrap: async (secret) =>
      new Uint8Array(await safeStorage.encryptStringAsync(Buffer.from(secret).toString('base64'))),
    unwrap: async (wrapped) => {
      const { result } = await safeStorage.decryptStringAsync(Buffer.from(wrapped));
      return new Uint8Array(Buffer.from(result, 'base64'));
    },
  };
};

const storeKind = (safeStorage: SafeStoragePort, platform: NodeJS.Platform): string | null => {
  if (platform === 'win32') return 'dpapi';
  if (platform === 'darwin') return 'keychain';
  const backend = safeStorage.getSelectedStorageBackend();
  return backend === 'basic_text' || backend === 'unknown' ? null : backend;
};
