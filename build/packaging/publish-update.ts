/**
 * `npm run publish-update -- keys --to DIR`: a key pair for the channel. `npm run publish-update -- sign …`: a manifest for packages, beside
 * copies of them, in a folder that any web server can serve (docs/updates.md, "Publish").
 */
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { mostAheadMs, updateManifestName, readManifest, type Manifest } from '#kiosk/updates/manifest.ts';
import { sha256OfFile } from '#kiosk/updates/proof.ts';
import { readCommandLine } from '../scripts/command-line.ts';
import { dataVersionFile } from './make-deb.ts';
import { parsePublishOptions, type PublishOptions } from './publish-options.ts';
import { manifestBody, signedManifest } from './write-manifest.ts';

const failedExitCode = 1;
const publicName = 'update-key.pem';
const privateName = 'update-signing-key.pem';
const dayMs = 86_400_000;

const makeKeys = (to: string): void => {
  for (const name of [publicName, privateName]) {
    if (existsSync(join(to, name)))
      throw new Error(`${join(to, name)} is there already: a key is never replaced`);
  }
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(to, { recursive: true });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(to, privateName), pem, { mode: 0o600, flag: 'wx' });
  writeFileSync(join(to, publicName), publicKey.export({ type: 'spki', format: 'pem' }), { flag: 'wx' });
  console.log(
    `${join(to, publicName)}: for every kiosk. ${join(to, privateName)}: keep it off the web server.`,
  );
};

/** The format in which a package leaves the kiosk's data: what lies in it, whatever tree this is published from. */
const dataVersionIn = (deb: string): number => {
  const script = 'dpkg-deb --fsys-tarfile "$1" | tar -xO "./$2"';
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', deb, dataVersionFile], { encoding: 'utf8' });
  if (!/^\d{1,5}\n$/.test(stdout))
    throw new Error(`${deb} is no package of Latchpoint's that says in which format it leaves the data`);
  return Number(stdout);
};

const readKey = (file: string) => {
  const pem = readFileSync(file);
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`${file} is no key that signs: that is ${privateName}`);
  }
};

const publish = async (asked: Extract<PublishOptions, { command: 'sign' }>): Promise<void> => {
  const { key, version, from, to, issuedAt, days, rings, words, urgent } = asked;
  const packages = new Map<string, { file: string; bytes: number; sha256: string }>();
  const sources = new Map<string, string>();
  const dataVersions = new Set<number>();
  for (const [platform, path] of asked.packages) {
    const file = basename(path);
    if (!file.includes(version)) throw new Error(`${file} does not name version ${version}`);
    packages.set(platform, { file, bytes: statSync(path).size, sha256: await sha256OfFile(path) });
    sources.set(path, file);
    dataVersions.add(dataVersionIn(path));
  }
  if (issuedAt > Date.now() + mostAheadMs)
    throw new Error('It would be issued more than a day ahead: kiosks would refuse it');
  const [dataVersion = 0] = dataVersions;
  if (dataVersions.size !== 1)
    throw new Error('These packages leave the data in different formats: publish them apart');
  const manifest: Manifest = {
    version,
    from,
    issuedAt,
    expiresAt: issuedAt + days * dayMs,
    dataVersion,
    urgent,
    packages,
    rings,
    stores: new Set(asked.stores),
    words,
  };
  const signingKey = readKey(key);
  const publicKey = createPublicKey(signingKey);
  const body = manifestBody(manifest);
  const bytes = Buffer.from(signedManifest(body, sign(null, Buffer.from(body), signingKey)));
  const readBack = readManifest(bytes, publicKey);
  if (!readBack.ok || manifestBody(readBack.value) !== body)
    throw new Error(
      'That makes no manifest which a kiosk could read: look at versions, rings, stores and words',
    );
  const manifestPath = join(to, updateManifestName);
  if (existsSync(manifestPath)) {
    const before = readManifest(readFileSync(manifestPath), publicKey);
    if (!before.ok)
      throw new Error(`${manifestPath} is signed by another key, or is none: kiosks refuse one or the other`);
    // No kiosk has taken one from the future.
    const wasAhead = before.value.issuedAt > Date.now() + mostAheadMs;
    if (before.value.issuedAt >= issuedAt && !wasAhead)
      throw new Error(`${manifestPath} is newer: kiosks would refuse this one`);
  }
  mkdirSync(to, { recursive: true });
  for (const [path, file] of sources) {
    if (join(to, file) !== path) copyFileSync(path, join(to, file));
  }
  // Last, and at once: no kiosk finds a manifest without its packages, or half of one.
  writeFileSync(`${manifestPath}.part`, bytes);
  renameSync(`${manifestPath}.part`, manifestPath);
  console.log(body);
  if (Object.keys(rings).length + asked.stores.length === 0)
    console.log('It reaches no kiosk: there is no --ring and no --store.');
};

const asked = readCommandLine('publish-update', (args) => parsePublishOptions(args, Date.now()));
try {
  if (asked.command === 'keys') makeKeys(asked.to);
  else await publish(asked);
} catch (error) {
  const { message, code, path } = error as NodeJS.ErrnoException;
  console.error(code === 'ENOENT' && path !== undefined ? `There is no ${path}` : message);
  process.exitCode = failedExitCode;
}
