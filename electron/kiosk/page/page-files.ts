import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  /** The build puts a hash of the content into the names below `assets`: such a file never changes. */
  readonly immutable: boolean;
}

export interface PageFiles {
  /** The file at a URL's path ("/" is the page itself); null for everything that the build did not make. */
  read(pathname: string): Promise<PageFile | null>;
}

/**
 * The built page as an allow-list: the folder is listed once, at start, and a request can only name what was found then, so
 * no path of a request ever reaches the file system. An absent folder is an empty list.
 */
export const loadPageFiles = async (dir: string): Promise<PageFiles> => {
  const allowed = new Map<string, string>();
  for (const path of await listFiles(dir)) {
    if (mediaTypes[extname(path)] === undefined) continue;
    allowed.set(`/${relative(dir, path).split(sep).join('/')}`, path);
  }
  const cache = new Map<string, PageFile>();

  return {
    async read(pathname) {
      const name = pathname === '/' ? '/index.html' : pathname;
      const path = allowed.get(name);
      if (path === undefined) return null;
      const known = cache.get(name);
      if (known) return known;
      const file: PageFile = {
        body: new Uint8Array(await readFile(path)),
        mediaType: mediaTypes[extname(path)] ?? 'application/octet-stream',
        immutable: name.startsWith('/assets/'),
      };
      cache.set(name, file);
      return file;
    },
  };
};

const listFiles = async (dir: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
};
