import { join, parse } from 'node:path';
import { pageOrigin } from './page-origin.ts';

/** What is used of a `DownloadItem`. */
export interface Download {
  getURL(): string;
  getFilename(): string;
  /** Without it a dialog asks where to: a way out of a kiosk. */
  setSavePath(path: string): void;
}

/** What a copy of the journal is called (`activity/exports.ts`), and a list of locks (`lists/lock-export.ts`). */
const ownName = /^latchpoint-(?:journal-[\d-]{17}\.(?:csv|json)|locks-[\d-]{17}\.(?:csv|xlsx))$/;
const mostOfAName = 1_000;

export interface OwnDownloads {
  /** The folder that they go to. */
  readonly folder: string;
  readonly exists: (path: string) => boolean;
}

/**
 * Whether a download is a file that the kiosk's own page hands out, by its name and its address; where it is, it is saved
 * beside those that there are, without a question.
 */
export const takesDownload = (item: Download, { folder, exists }: OwnDownloads): boolean => {
  if (!item.getURL().startsWith(`blob:${pageOrigin}/`)) return false;
  const file = item.getFilename();
  if (!ownName.test(file)) return false;
  const { name, ext } = parse(file);
  for (let copy = 1; copy <= mostOfAName; copy += 1) {
    const path = join(folder, copy === 1 ? file : `${name}-${copy}${ext}`);
    if (exists(path)) continue;
    item.setSavePath(path);
    return true;
  }
  return false;
};
