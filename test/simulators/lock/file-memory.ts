/** A lock's memory, and what it was manufactured with, as files in a folder. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { codeOf } from '#shared/errors/thrown.ts';
import type { LockIdentity, Vendor } from '../live-lock/open-vendor.ts';
import { readOrCreateText } from '../live-lock/durable-file.ts';
import type { LockMemory } from './lock-state.ts';

/** The file is whole or absent at every instant; readable by its owner only. */
export const fileMemory = (path: string): LockMemory => ({
  read: (): unknown => {
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  },
  write: (state) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const beside = `${path}.part`;
    const file = openSync(beside, 'w', 0o600);
    try {
      writeSync(file, JSON.stringify(state));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  },
});

const identitySchema = z.strictObject({
  serialNumber: z.string(),
  type: z.string(),
  devicePrivateKey: z.base64(),
  deviceCertificate: z.base64(),
  root: z.base64(),
  enrolmentKey: z.base64(),
});

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const toBytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** The lock that was manufactured into `dir` before, or a new one. */
export const openLockIdentity = async (
  dir: string,
  vendor: Vendor,
  lock: { readonly serialNumber: string; readonly type: string },
): Promise<LockIdentity> => {
  const text = await readOrCreateText(join(dir, `${lock.serialNumber}.identity.json`), async () => {
    const made = await vendor.manufactureLock(lock.serialNumber, lock.type);
    return JSON.stringify({
      ...lock,
      devicePrivateKey: toBase64(made.devicePrivateKey),
      deviceCertificate: toBase64(made.deviceCertificate),
      root: toBase64(made.root),
      enrolmentKey: toBase64(made.enrolmentKey),
    } satisfies z.input<typeof identitySchema>);
  });
  const stored = identitySchema.parse(JSON.parse(text));
  return {
    serialNumber: stored.serialNumber,
    type: stored.type,
    devicePrivateKey: toBytes(stored.devicePrivateKey),
    deviceCertificate: toBytes(stored.deviceCertificate),
    root: toBytes(stored.root),
    enrolmentKey: toBytes(stored.enrolmentKey),
  };
};
