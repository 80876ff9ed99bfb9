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
import { parseArgs } from 'node:util';
import { mostAheadMs, updateManifestName, readManifest, type Manifest } from '#kiosk/updates/manifest.ts';
import { sha256OfFile } from '#kiosk/updates/proof.ts';
import { dataVersionFile } from './make-deb.ts';
import { manifestBody, signedManifest } from './write-manifest.ts';

const exitCode = { failed: 1, usage: 2 } as const;
const usage = `npm run publish-update -- keys --to DIR
npm run publish-update -- sign --key FILE --version V --from V --to DIR --package linux-x64=FILE [--package …]
    [--ring pilot=100] [--ring early=PER-CENT] [--ring all=PER-CENT] [--store ID …] [--days 14] [--words en=TEXT …] [--urgent]`;
const publicName = 'update-key.pem';
const privateName = 'update-signing-key.pem';
const dayMs = 86_400_000;
const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;

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

const pairs = (given: readonly string[] = []): readonly (readonly [string, string])[] =>
  given.map((one) => {
    const at = one.indexOf('=');
    if (at < 1) throw new Error(`${one} is not NAME=VALUE`);
    return [one.slice(0, at), one.slice(at + 1)];
  });

/** The format in which a package leaves the kiosk's data: what lies in it, whatever tree this is published from. */
const dataVersionIn = (deb: string): number => {
  const script = 'dpkg-deb --fsys-tarfile "$1" | tar -xO "./$2"';
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', deb, dataVersionFile], { encoding: 'utf8' });
  if (!/^\d{1,5}\n$/.test(stdout))
    throw new Error(`${deb} is no package of Latchpoint's that says in which format it leaves the data`);
  return Number(stdout);
};

const publish = async (args: string[]): Promise<void> => {
  const options = {
    key: text,
    version: text,
    from: text,
    to: text,
    days: text,
    issued: text,
    package: texts,
    ring: texts,
    store: texts,
    words: texts,
    urgent: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const { key, version, from, to, days = '14' } = values;
  if (key === undefined || version === undefined || from === undefined || to === undefined)
    throw new Error(usage);
  const packages = new Map<string, { file: string; bytes: number; sha256: string }>();
  const sources = new Map<string, string>();
  const dataVersions = new Set<number>();
  for (const [platform, path] of pairs(values.package)) {
    const file = basename(path);
    if (!file.includes(version)) throw new Error(`${file} does not name version ${version}`);
    packages.set(platform, { file, bytes: statSync(path).size, sha256: await sha256OfFile(path) });
    sources.set(path, file);
    dataVersions.add(dataVersionIn(path));
  }
  // Whole seconds: that is what a manifest has.
  const issuedAt =
    Math.floor((values.issued === undefined ? Date.now() : Date.parse(values.issued)) / 1000) * 1000;
  if (issuedAt > Date.now() + mostAheadMs)
    throw new Error('It would be issued more than a day ahead: kiosks would refuse it');
  const [dataVersion = 0] = dataVersions;
  if (dataVersions.size !== 1)
    throw new Error('Give at least one --package, and only such as leave the data in the same format');
  const manifest: Manifest = {
    version,
    from,
    issuedAt,
    expiresAt: issuedAt + Number(days) * dayMs,
    dataVersion,
    urgent: values.urgent,
    packages,
    rings: Object.fromEntries(pairs(values.ring).map(([ring, share]) => [ring, Number(share)])),
    stores: new Set(values.store),
    words: Object.fromEntries(pairs(values.words)),
  };
  const signingKey = createPrivateKey(readFileSync(key));
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
};

const [command, ...args] = process.argv.slice(2);
try {
  if (command === 'keys') {
    const { to } = parseArgs({ args, options: { to: text } }).values;
    if (to === undefined) throw new Error(usage);
    makeKeys(to);
  } else if (command === 'sign') await publish(args);
  else {
    console.error(usage);
    process.exitCode = exitCode.usage;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = exitCode.failed;
}
