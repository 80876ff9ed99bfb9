/**
 * A secret store for machines that have none of their own: IT puts a passphrase into a file that only the kiosk's user can
 * read. What it protects is stated in docs/kiosk.md: a stolen disk without that file.
 */
import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppFailure } from '#shared/errors/app-error.ts';
import type { Random } from '../platform/random.ts';
import type { SecretStore } from './port.ts';

const shortestPassphrase = 16;
const saltLength = 16;
const nonceLength = 12;
const tagLength = 16;
const magic = Buffer.from('LPW1', 'ascii');
const headerLength = magic.length + saltLength + nonceLength;
const cost = { N: 2 ** 17, r: 8, p: 1 } as const;

const isWrapped = (bytes: Buffer): boolean =>
  bytes.length >= headerLength + tagLength && bytes.subarray(0, magic.length).equals(magic);
const saltOf = (wrapped: Buffer): Buffer => wrapped.subarray(magic.length, magic.length + saltLength);

export interface PassphraseFileOptions {
  /** The file IT configured. */
  readonly path: string;
  /** Below it systemd puts what it hands to services; elsewhere than systemd has it in tests only. */
  readonly credentials?: string;
  /** A file that was wrapped: its key is derived from now on, while the caller does other things. It need not be there. */
  readonly deriveFor?: string;
  readonly random: Random;
}

/**
 * Checks the file at once and throws `config.invalid` (source `passphraseFile`) where it is missing, readable by others,
 * or too short. The key is derived (scrypt, N = 2^17: about 0.3 s) when it is first needed, once per salt and process.
 */
export const createPassphraseFileStore = async (options: PassphraseFileOptions): Promise<SecretStore> => {
  const { path, random } = options;
  const passphrase = await readPassphrase(path, handedOver(options));
  const derived = new Map<string, Promise<Buffer>>();
  let ownSalt: Uint8Array | null = null;

  const keyFor = (salt: Uint8Array): Promise<Buffer> => {
    const name = Buffer.from(salt).toString('base64');
    const known = derived.get(name) ?? deriveKey(passphrase, salt);
    derived.set(name, known);
    return known;
  };

  const expected =
    options.deriveFor === undefined ? null : await readFile(options.deriveFor).catch(() => null);
  // Whoever unwraps hears of a failure.
  if (expected && isWrapped(expected)) void keyFor(saltOf(expected)).catch(() => undefined);

  return {
    kind: 'passphrase_file',
    wrap: async (secret) => {
      ownSalt ??= random.bytes(saltLength);
      const nonce = random.bytes(nonceLength);
      const header = Buffer.concat([magic, ownSalt, nonce]);
      const cipher = createCipheriv('aes-256-gcm', await keyFor(ownSalt), nonce).setAAD(header);
      return Buffer.concat([header, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    },
    unwrap: async (wrapped) => {
      const bytes = Buffer.from(wrapped);
      if (!isWrapped(bytes)) throw new Error('not wrapped by a passphrase file');
      const header = bytes.subarray(0, headerLength);
      const salt = saltOf(bytes);
      const nonce = header.subarray(magic.length + saltLength);
      const decipher = createDecipheriv('aes-256-gcm', await keyFor(salt), nonce)
        .setAAD(header)
        .setAuthTag(bytes.subarray(bytes.length - tagLength));
      const secret = Buffer.concat([
        decipher.update(bytes.subarray(headerLength, bytes.length - tagLength)),
        decipher.final(),
      ]);
      ownSalt ??= Uint8Array.from(salt);
      return secret;
    },
  };
};

/**
 * Whether systemd has handed the file over. On memory without access lists (systemd 252) such a file is the account's own with mode 0400; where
 * memory has them (systemd 257) it is root's with one that names the account, which `stat` shows as 0440 although no group may read it.
 */
const handedOver = ({ path, credentials = '/run/credentials' }: PassphraseFileOptions): boolean =>
  dirname(dirname(resolve(path))) === credentials;

const readPassphrase = async (path: string, isHandedOver: boolean): Promise<string> => {
  const invalid = (problem: string): AppFailure =>
    new AppFailure('config.invalid', { source: 'passphraseFile', path, problem });
  let mode: number;
  let text: string;
  try {
    mode = (await stat(path)).mode;
    text = await readFile(path, 'utf8');
  } catch {
    throw invalid('cannot be read');
  }
  // Windows keeps access rights elsewhere; the guide for IT says how to set them there.
  if (process.platform !== 'win32' && (mode & (isHandedOver ? 0o037 : 0o077)) !== 0) {
    throw invalid('can be read or changed by other users of this computer; set its mode to 0600');
  }
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase.length < shortestPassphrase) {
    throw invalid(`holds fewer than ${shortestPassphrase} characters`);
  }
  return passphrase;
};

const deriveKey = (passphrase: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: 256 * cost.N * cost.r };
    scrypt(passphrase, salt, 32, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
