import { expect, it } from 'vitest';
import { createSafeStorageStore, type SafeStoragePort } from './secret-store.ts';

/** Wraps by turning bytes over; the asynchronous half only, as Electron advises. */
const fakeStorage = (backend: string, available = true): SafeStoragePort => ({
  isAsyncEncryptionAvailable: () => Promise.resolve(available),
  encryptStringAsync: (text) =>
    Promise.resolve(Buffer.from(text, 'utf8').map((byte) => byte ^ 0xff) as Buffer),
  decryptStringAsync: (encrypted) =>
    Promise.resolve({ result: Buffer.from(encrypted.map((byte) => byte ^ 0xff)).toString('utf8') }),
  getSelectedStorageBackend: () => backend,
});

it.each([
  ['win32', 'unused', 'dpapi'],
  ['linux', 'gnome_libsecret', 'gnome_libsecret'],
  ['linux', 'kwallet6', 'kwallet6'],
] as const)('on %s with %s keeps any bytes', async (platform, backend, kind) => {
  const store = await createSafeStorageStore(fakeStorage(backend), platform);
  const secret = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(store?.kind).toBe(kind);
  const wrapped = await store?.wrap(secret);
  expect(wrapped).not.toEqual(secret);
  expect(await store?.unwrap(wrapped ?? new Uint8Array())).toEqual(secret);
});

it('is none where the secret would lie open', async () => {
  expect(await createSafeStorageStore(fakeStorage('basic_text'), 'linux')).toBeNull();
  expect(await createSafeStorageStore(fakeStorage('unknown'), 'linux')).toBeNull();
  expect(await createSafeStorageStore(fakeStorage('gnome_libsecret', false), 'linux')).toBeNull();
  expect(await createSafeStorageStore(fakeStorage('unused', false), 'win32')).toBeNull();
});
