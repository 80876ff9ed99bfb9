/** Opens the kiosk's file whatever state it is in: sets a damaged one aside, saves what only it knew, begins a fresh one. */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { AppError } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Clock } from '../../platform/clock.ts';
import { translateDiskError } from '../../platform/disk-failure.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { copyAsItIs, copyWithMendedLog } from './damaged-log.ts';
import type { EarlyFile } from './early-file.ts';
import { openKioskFile, type KioskFile } from './kiosk-file.ts';
import { copyWithNewHead } from './lost-head.ts';
import { plainRows, type RowCodec } from './row-codec.ts';
import { eraseLeftovers, sealSetAside } from './sealed-aside.ts';
import { beginReplacement, finishReplacement, forgetOldest, replace, setAside } from './set-aside.ts';
import { both, salvage, type Salvaged } from './salvage.ts';
import type { OpenSqlConnection } from './sql-connection.ts';
import { isDamage, isWriteRefused, translateSqlError } from './sql-failure.ts';
import { DamagedFile, readAll, type ReadRules } from './stored-rows.ts';

export interface OpenFileOptions {
  readonly path: string;
  readonly open: OpenSqlConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rules?: ReadRules;
  /** In the open where it is left out. */
  readonly codec?: RowCodec;
  /** The file itself, where it is open already. */
  readonly early?: EarlyFile | null;
}

/** In a file that took a damaged one's place, until somebody has been told. */
const replacedNote = 'replaced';

/** Notes that are true only together with the documents that were lost. */
const describesLostDocuments = (key: string): boolean => key.startsWith('cursor.');

export interface OpenedFile {
  readonly file: KioskFile;
  readonly notice: AppError | null;
  /** To be told once the disk takes something again. */
  readonly hiddenNotice: AppError | null;
}

/** Throws `storage.in_use`, `storage.newer_version`, `storage.read_only`, `storage.disk_full`, or `LockedFile`. */
export const openFile = (options: OpenFileOptions): OpenedFile => {
  const opened = translated(() => openAnyState(options));
  if (opened.file.isSealed) leaveNothingOpen(options);
  return opened;
};

/** What any step of it meets of the disk, be it told by SQLite or by the system. */
const translated = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw translateDiskError(translateSqlError(error));
  }
};

/** What earlier releases have left beside the file in the open. */
const leaveNothingOpen = ({ path, logger, codec = plainRows }: OpenFileOptions): void => {
  try {
    eraseLeftovers(path);
    sealSetAside(path, codec);
  } catch (error) {
    // No room, or in use by another program: the next start does it.
    logger.warn('older files not sealed', describeThrown(error));
  }
};

const openAnyState = (options: OpenFileOptions): OpenedFile => {
  const { path, open, clock, logger, rules = readAll, codec = plainRows, early } = options;
  mkdirSync(dirname(path), { recursive: true });
  const replaced = early ? null : finishReplacement(path);
  const mended = early ? null : copyWithMendedLog(path, open);
  try {
    if (mended !== null) throw new DamagedFile('its log holds transactions that SQLite would drop');
    const file = early?.read(codec) ?? openKioskFile(path, open, rules, codec);
    return { file, ...noticesOf(file, path, replaced) };
  } catch (error) {
    if (!(error instanceof DamagedFile) && !isDamage(error)) throw error;
    if (!existsSync(path)) throw error;
  }
  // The damaged file keeps its place until all that can be saved of it is on the disk: a start that ends before, on a full
  // disk or with the machine, is as if it had not been.
  const saved = saveFrom(mended, options);
  const rebuilt = beginReplacement(path);
  const fresh = openKioskFile(rebuilt, open, readAll, codec);
  const rows = restore(fresh, saved);
  fresh.writeNote(replacedNote, 'yes');
  fresh.close();
  const damaged = replace(path, clock.now());
  logger.warn('database set aside', { file: basename(damaged), rows });
  const file = openKioskFile(path, open, rules, codec);
  const notices = noticesOf(file, path, damaged);
  try {
    forgetOldest(path, damaged);
  } catch (error) {
    // In use by another program, say: no reason not to start.
    logger.warn('older files not removed', describeThrown(error));
  }
  return { file, ...notices };
};

/** `mended` is a copy from which more may be read than from the file itself, if there is one. */
const saveFrom = (
  mended: string | null,
  { path, open, rules = readAll, codec = plainRows }: OpenFileOptions,
): Salvaged => {
  const salvaged = (from: string): Salvaged => salvage(from, open, rules, codec);
  const first = salvaged(mended ?? path);
  // Frames of a log that are none of this file's would hide what SQLite finds there by itself.
  const saved = mended === null ? first : both(salvaged(copyAsItIs(path)), first);
  const copy = saved.documents.size > 0 ? null : copyWithNewHead(path, open);
  return copy === null ? saved : both(salvaged(copy), saved);
};

const wasSetAside = (damaged: string): AppError => ({
  code: 'storage.set_aside',
  params: { file: basename(damaged) },
});

/**
 * Whether anything can be written now: a person should know before the first write fails. Then `replaced`, what was set aside now or by a
 * start that did not come to its end, so that nobody was told. Where it can't be noted that somebody was, the next start tells it once more.
 */
const noticesOf = (file: KioskFile, path: string, replaced: string | null): Omit<OpenedFile, 'file'> => {
  let aside = replaced ?? undefined;
  const told = (): AppError | null => (aside === undefined ? null : wasSetAside(aside));
  try {
    const isUntold = file.readNote(replacedNote) === 'yes';
    aside ??= isUntold ? setAside(path).at(-1) : undefined;
    file.writeNote(replacedNote, '');
    return { notice: told(), hiddenNotice: null };
  } catch (error) {
    const refused = translateSqlError(error);
    if (isWriteRefused(refused)) return { notice: refused.error, hiddenNotice: told() };
    file.close();
    throw error;
  }
};

const restore = (file: KioskFile, { documents, notes }: Salvaged): number => {
  let rows = 0;
  for (const [collection, found] of documents) {
    // The later of two rows of one document is the one that counts.
    const newest = new Map(found.map((document) => [document.id, document]));
    const changes = [...newest.values()].map(({ id, body }) => ({ id, body, replaces: undefined }));
    file.writeDocuments(collection, changes);
    rows += changes.length;
  }
  for (const [key, value] of notes) if (!describesLostDocuments(key)) file.writeNote(key, value);
  return rows;
};
