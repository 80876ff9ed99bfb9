/** A channel's key pair and manifests, for tests. */
import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Manifest } from '#kiosk/updates/manifest.ts';
import { manifestBody, signedManifest } from '../../build/packaging/write-manifest.ts';

export const channelKeys = (): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: createPublicKey(privateKey), privateKey };
};

export const manifestOf = (rest: Partial<Manifest> = {}): Manifest => ({
  version: '0.3.1',
  issuedAt: Date.UTC(2026, 0, 5, 8),
  expiresAt: Date.UTC(2026, 0, 19, 8),
  from: '0.3.0',
  dataVersion: 4,
  urgent: false,
  rings: { all: 100 },
  stores: new Set(),
  packages: new Map([
    ['linux-x64', { file: 'latchpoint_0.3.1_amd64.deb', bytes: 5, sha256: 'a'.repeat(64) }],
  ]),
  words: { en: 'Locks open faster.' },
  ...rest,
});

export const signText = (body: string, key: KeyObject): Buffer =>
  Buffer.from(signedManifest(body, sign(null, Buffer.from(body), key)));

export const signManifest = (manifest: Manifest, key: KeyObject): Buffer =>
  signText(manifestBody(manifest), key);

export { manifestBody };
