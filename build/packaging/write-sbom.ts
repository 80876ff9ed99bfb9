/**
 * The bills of materials, as CycloneDX documents. The kiosk's lists what has code in its bundles, what lies beside them, and
 * Electron; the backend's lists what `npm ci --omit=dev` installs on Linux (x64). Neither has a time or a random number in it.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { bundledListSchema, distinct, readPackage, type BundledPackage } from './bundled-packages.ts';

/** What the kiosk's package holds of Vite's targets. */
export const kioskTargets = ['main', 'preload', 'radio', 'renderer'] as const;
/** What it holds unbundled, by folder: noble, its socket, and what they load. */
export const unbundledPackages = [
  '@abandonware/bluetooth-hci-socket',
  '@abandonware/noble',
  'debug',
  'ms',
  'node-gyp-build',
] as const;
/** What it holds besides on Windows. One bill is made for all systems. */
export const windowsPackages = ['@stoprocent/noble'] as const;

const purlOf = ({ name, version }: BundledPackage): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;

const componentOf = (each: BundledPackage) => ({
  type: 'library',
  'bom-ref': purlOf(each),
  name: each.name,
  version: each.version,
  purl: purlOf(each),
  ...(each.license === null ? {} : { licenses: [{ expression: each.license }] }),
});

const write = async (
  path: string,
  component: { readonly name: string; readonly version: string },
  packages: readonly BundledPackage[],
): Promise<void> => {
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': component.name, ...component } },
    components: distinct(packages).map(componentOf),
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
};

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

/** Wants the kiosk's targets built. */
export const writeKioskSbom = async (root: string, path: string): Promise<void> => {
  const lists = await Promise.all(
    kioskTargets.map(async (target) =>
      bundledListSchema.parse(await readJson(join(root, 'dist/packages', `${target}.json`))),
    ),
  );
  const beside = [...unbundledPackages, ...windowsPackages, 'electron'].map((name) =>
    readPackage(join(root, 'node_modules', name)),
  );
  const { version } = readPackage(root);
  await write(path, { name: 'latchpoint-kiosk', version }, [...lists.flat(), ...beside]);
};

/** Some packages say it without brackets. */
const placesSchema = z.union([z.string(), z.array(z.string())]);

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      os: placesSchema.optional(),
      cpu: placesSchema.optional(),
    }),
  ),
});

/** From the lock file alone. */
export const writeBackendSbom = async (root: string, path: string): Promise<void> => {
  const { packages } = lockSchema.parse(await readJson(join(root, 'package-lock.json')));
  const { version } = readPackage(root);
  const installed = Object.entries(packages).flatMap(([place, entry]) => {
    const isThere =
      place !== '' &&
      entry.dev !== true &&
      (entry.os?.includes('linux') ?? true) &&
      (entry.cpu?.includes('x64') ?? true);
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return isThere ? [{ name, version: entry.version ?? '', license: entry.license ?? null }] : [];
  });
  await write(path, { name: 'latchpoint-backend', version }, installed);
};
