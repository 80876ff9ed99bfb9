/** Opens the kiosk's file with its key, or answers with one that knows nothing where that key can't be read. */
import { setImmediate } from 'node:timers/promises';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { DataKey, DataKeys, FoundDataKey } from '../vault/data-key.ts';
import { openEarly, type EarlyFile } from './storage/early-file.ts';
import type { KioskFile } from './storage/kiosk-file.ts';
import { createLockedFile, type LockedKioskFile } from './storage/locked-file.ts';
import { openFile, type OpenedFile } from './storage/open-file.ts';
import { plainRows, sealedRows, type RowCodec } from './storage/row-codec.ts';
import { LockedFile } from './storage/sealed-file.ts';
import { eraseDatabase, moveAside } from './storage/set-aside.ts';
import { openSqlConnection, type OpenSqlConnection } from './storage/sql-connection.ts';
import { readAll, type ReadRules } from './storage/stored-rows.ts';

export interface AnyFileOptions {
  /** Path of the database file; its folder is made if it is missing. */
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How SQLite is reached; tests give it a full disk. */
  readonly openConnection?: OpenSqlConnection;
  /** Without them nothing is sealed. */
  readonly dataKeys?: DataKeys;
  readonly rules?: ReadRules;
}

const codecOf = (found: DataKey | 'none'): RowCodec =>
  found === 'none' ? plainRows : sealedRows(found.key, found);

const open = (options: AnyFileOptions, codec: RowCodec, early: EarlyFile | null = null): OpenedFile =>
  openFile({ ...options, open: options.openConnection ?? openSqlConnection, codec, early });

interface Ready {
  readonly found: FoundDataKey;
  readonly early: EarlyFile | null;
}

/** The key, and what could be made ready of the file while that was waited for. */
const makeReady = async (options: AnyFileOptions): Promise<Ready> => {
  const { dataKeys, path, rules = readAll, openConnection = openSqlConnection } = options;
  if (!dataKeys) return { found: 'none', early: null };
  const finding = dataKeys.find();
  // Whoever waits for it hears of a failure.
  finding.catch(() => undefined);
  // The rest of the start goes first: it waits for nothing.
  await setImmediate();
  const early = openEarly(path, openConnection, rules);
  try {
    const found = await finding;
    if (found !== 'locked') return { found, early };
    early?.close();
    return { found, early: null };
  } catch (error) {
    early?.close();
    throw error;
  }
};

/** Throws what `openFile` throws, but for `LockedFile`. */
export const openAnyFile = async (
  options: AnyFileOptions,
): Promise<Omit<OpenedFile, 'file'> & { readonly file: KioskFile | LockedKioskFile }> => {
  const { dataKeys, logger } = options;
  const { found, early } = await makeReady(options);
  if (found === 'locked') return { file: createLockedFile(), notice: null, hiddenNotice: null };
  try {
    const opened = open(options, codecOf(found), early);
    if (found !== 'none' && opened.file.isSealed) {
      await dataKeys?.allSealed(found).catch((error: unknown) => {
        // What is in the open is believed for one start more.
        logger.warn('sealing not noted', describeThrown(error));
      });
    }
    return opened;
  } catch (error) {
    if (!(error instanceof LockedFile)) throw error;
    logger.error('database sealed with another key');
    return { file: createLockedFile(), notice: null, hiddenNotice: null };
  }
};

/** What a locked file becomes: nothing, or set aside with its key for whoever can open that one day. Then a new one is begun. */
export const beginAnew = async (
  locked: LockedKioskFile,
  whatIsLocked: 'erase' | 'keep',
  options: AnyFileOptions,
): Promise<void> => {
  const { path, dataKeys, clock } = options;
  if (!dataKeys) return;
  if (whatIsLocked === 'keep') moveAside(path, dataKeys.path, clock.now());
  else eraseDatabase(path);
  locked.unlock(open(options, codecOf(await dataKeys.renew())).file);
};
