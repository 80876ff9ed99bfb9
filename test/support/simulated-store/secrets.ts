/** The simulated store's own secrets: drawn once per data folder, kept in files that only their owner can read. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const secretsSchema = z.strictObject({
  /** Three dot-separated parts, as the vendor's keys are. */
  vendorApiKey: z.string(),
  vendorControlToken: z.string(),
  adminToken: z.string(),
  sealingSecret: z.string(),
});
export type StoreSecrets = z.infer<typeof secretsSchema> & { readonly passphraseFile: string };

const draw = (): string => randomBytes(24).toString('base64url');

export const openSecrets = (dataDir: string): StoreSecrets => {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'secrets.json');
  const passphraseFile = join(dataDir, 'kiosk-passphrase');
  if (!existsSync(file)) {
    const secrets = {
      vendorApiKey: [draw(), draw(), draw()].join('.'),
      vendorControlToken: draw(),
      adminToken: draw(),
      sealingSecret: draw() + draw(),
    };
    writeFileSync(passphraseFile, draw(), { mode: 0o600 });
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  }
  return { ...secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), passphraseFile };
};
