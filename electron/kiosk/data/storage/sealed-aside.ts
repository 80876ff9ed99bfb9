/**
 * What lies beside the file: one that was set aside while its rows were in the open is sealed as a whole, and what a start of an
 * earlier release has left half written is erased.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { formatIn, headOf, isDatabase } from './file-head.ts';
import type { RowCodec } from './row-codec.ts';
import { sealedFormat } from './sealed-file.ts';
import { eraseFileSync, logs, rebuiltPath, setAside, unfinished } from './set-aside.ts';

/** Begins a file that is sealed as a whole. */
const magic = Buffer.from('LPSEALED', 'ascii');
/** What every kiosk's file has in the clear. */
const ourTable = 'CREATE TABLE documents';

/** Overwrites and removes what an earlier start was writing: once there is a file, nobody goes on with it. */
export const eraseLeftovers = (path: string): void => {
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(basename(rebuiltPath(path)))) eraseFileSync(join(dirname(path), name));
  }
};

/** Seals every file that was set aside and may hold anything in the open. Throws what the file system says. */
export const sealSetAside = (path: string, codec: RowCodec): void => {
  finishSealing(path);
  for (const name of setAside(path)) {
    const file = join(dirname(path), name);
    if (!mayHoldPlain(file)) continue;
    for (const each of [...logs.map((suffix) => file + suffix), file]) {
      if (existsSync(each) && !isSealedWhole(headOf(each))) sealWhole(each, codec);
    }
  }
};

/** The bytes of a file that was sealed as a whole; null where it is none, or was sealed with another key. */
export const openSealedFile = (path: string, codec: RowCodec, sealedAs = path): Buffer | null => {
  const bytes = readFileSync(path);
  if (!isSealedWhole(bytes)) return null;
  const text = codec.decodeNote(aboutOf(sealedAs), bytes.subarray(magic.length));
  return text === null ? null : Buffer.from(text, 'base64');
};

/** The machine stopped after the file was erased and before its sealed copy had its name. */
const finishSealing = (path: string): void => {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(unfinished)) continue;
    const target = join(folder, name.slice(0, -unfinished.length));
    if (!existsSync(target)) renameSync(join(folder, name), target);
  }
};

const isSealedWhole = (head: Buffer): boolean => head.subarray(0, magic.length).equals(magic);

/** The file itself is sealed after its logs. */
const mayHoldPlain = (path: string): boolean => {
  const head = headOf(path);
  if (isSealedWhole(head)) return false;
  const format = formatIn(head);
  if (format !== null) return format < sealedFormat;
  // The database of another program is left as it is; a kiosk's whose head has changed is not.
  return !isDatabase(head) || readFileSync(path).includes(ourTable);
};

const aboutOf = (path: string): string => `set aside ${basename(path)}`;

const sealWhole = (path: string, codec: RowCodec): void => {
  const beside = path + unfinished;
  // One that is whole was written before the file itself began to be erased.
  if (!existsSync(beside) || openSealedFile(beside, codec, path) === null) writeSealed(beside, path, codec);
  eraseFileSync(path);
  renameSync(beside, path);
};

const writeSealed = (beside: string, path: string, codec: RowCodec): void => {
  const sealed = codec.encodeNote(aboutOf(path), readFileSync(path, 'base64'));
  if (!(sealed instanceof Uint8Array)) throw new TypeError('nothing is sealed without a key');
  rmSync(beside, { force: true });
  const file = openSync(beside, 'wx', 0o600);
  try {
    writeSync(file, magic);
    writeSync(file, sealed);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};
