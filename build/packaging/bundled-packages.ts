/** Which packages have code in a bundle: asked of the bundler, module by module, after it has left out what nothing uses. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { z } from 'zod';

const bundledSchema = z.object({ name: z.string(), version: z.string(), license: z.string().nullable() });
export type BundledPackage = z.infer<typeof bundledSchema>;
export const bundledListSchema = z.array(bundledSchema);

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

/** Reads a package's own `package.json`. Throws when there is none in `folder`. */
export const readPackage = (folder: string): BundledPackage => {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const { name, version, license = null } = manifestSchema.parse(JSON.parse(text));
  return { name, version, license };
};

const inPackage = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/** The folder of the package that a module comes from; null for the project's own. */
export const packageFolder = (moduleId: string, root: string): string | null => {
  // Helpers that the bundler brings itself are code of its package.
  const helper = /^\0(vite|rolldown)\//.exec(moduleId)?.[1];
  if (helper !== undefined) return join(root, 'node_modules', helper);
  return inPackage.exec(moduleId.replace(/^\0/, '').replace(/\?.*$/, ''))?.[1] ?? null;
};

const byName = (a: BundledPackage, b: BundledPackage): number =>
  `${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1;

/** Each package once, in order of name and version. */
export const distinct = (packages: readonly BundledPackage[]): BundledPackage[] =>
  [...new Map(packages.map((each) => [`${each.name}@${each.version}`, each])).values()].sort(byName);

/** Writes the list into `file`, which is no part of the bundle. */
export const listBundledPackages = (root: string, file: string): Plugin => ({
  name: 'list-bundled-packages',
  apply: 'build',
  async writeBundle(_options, bundle) {
    const folders = new Set<string>();
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
        const folder = renderedLength > 0 ? packageFolder(id, root) : null;
        if (folder !== null) folders.add(folder);
      }
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(distinct([...folders].map(readPackage)), null, 2)}\n`);
  },
});
