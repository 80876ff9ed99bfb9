/** What the page has to have before anybody can sign in and open a lock: its script, and the words of one language. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { languages } from '#shared/models/language.ts';

/** In kB of 1,000 bytes, compressed. */
export const firstLoadGoal = 120;
export interface FirstLoad {
  /** The first script and all that it imports at once; of the languages that with most words. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly zipped: number;
  /** Compressed: all that the page is made of. */
  readonly all: number;
}

const scriptOf = /<script[^>]+src="\.\/assets\/([^"]+)"/;
/** `import()` is none of them. */
const importsOf = /(?:^|[;}])\s*(?:import|export)\s*(?:[^;"'()]*?from)?\s*["']\.\/([^"']+)["']/g;

/** Of the page that was built into `folder`. */
export const firstLoadOf = (folder: string): FirstLoad => {
  const assets = join(folder, 'assets');
  const text = (name: string): string => readFileSync(join(assets, name), 'utf8');
  const zippedOf = (name: string): number => gzipSync(text(name)).length;
  const names = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const first = scriptOf.exec(readFileSync(join(folder, 'index.html'), 'utf8'))?.[1];
  if (first === undefined) throw new Error('The page has no script');
  const files = new Set([first]);
  for (const name of files) for (const [, next] of text(name).matchAll(importsOf)) if (next) files.add(next);
  const words = languages.map((language) => {
    const name = names.find((one) => basename(one).startsWith(`${language}-`));
    if (name === undefined) throw new Error(`The page has no words of its own in ${language}`);
    return name;
  });
  const most = words.toSorted((a, b) => zippedOf(b) - zippedOf(a))[0] ?? '';
  if (!words.some((name) => files.has(name))) files.add(most);
  const sum = (list: Iterable<string>, of: (name: string) => number): number =>
    [...list].reduce((total, name) => total + of(name), 0);
  return {
    files: [...files],
    bytes: sum(files, (name) => Buffer.byteLength(text(name))),
    zipped: sum(files, zippedOf),
    all: sum(names, zippedOf),
  };
};
