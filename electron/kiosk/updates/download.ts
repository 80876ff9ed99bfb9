/**
 * Getting a package: it goes on where it was cut off, over restarts too, and is whole when its hash says so. What was got lies in the folder as
 * `package.part`, of which `package.json` says what it is a part of.
 */
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppFailure, fail, ok, type Result } from '#shared/errors/app-error.ts';
import { inTime } from '#shared/flow/in-time.ts';
import { parseJson } from '#shared/models/json.ts';
import type { Clock } from '../platform/clock.ts';
import { onDisk } from '../platform/disk-failure.ts';
import type { Fetch } from '../platform/http.ts';
import { readIfPresent, renameDurably, writeDurably } from '../vault/durable-file.ts';
import type { UpdatePackage } from './manifest.ts';
import { sha256OfFile } from './proof.ts';

export interface DownloadPorts {
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, 'after'>;
  /** The folder, which is there already; nothing else writes to it. */
  readonly folder: string;
  /** Free bytes on its disk. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** How many bytes are there, as they come. */
  readonly onBytes?: (got: number) => void;
}

export interface WantedPackage extends UpdatePackage {
  readonly url: string;
  readonly version: string;
}

/** Nothing heard for so long: the connection is dead, whatever TCP thinks. */
const silentMs = 60_000;
/** The package, its copy that root verifies, what is unpacked, and the version before packed up again. */
const roomFactor = 9;
const mebibyte = 1024 * 1024;

const noteSchema = z.object({ sha256: z.string(), bytes: z.int(), etag: z.string().nullable() });
type Note = z.infer<typeof noteSchema>;

const freeOn = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

export const partOf = (folder: string): string => join(folder, 'package.part');
export const packageIn = (folder: string): string => join(folder, 'package');
const noteIn = (folder: string): string => join(folder, 'package.json');

/** Takes away what was got. */
export const dropDownload = async (folder: string): Promise<void> => {
  for (const path of [noteIn(folder), partOf(folder), packageIn(folder)]) await rm(path, { force: true });
};

const bytesOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0;

const noteOf = async (folder: string): Promise<Note | null> => {
  const bytes = await readIfPresent(noteIn(folder));
  return noteSchema.safeParse(bytes && parseJson(bytes.toString())).data ?? null;
};

/** Only a strong validator says that the bytes are the same (RFC 9110, section 8.8.3). */
const strongTag = (response: Response): string | null => {
  const tag = response.headers.get('etag');
  return tag !== null && /^"[\x21\x23-\x7e]{0,200}"$/.test(tag) ? tag : null;
};

/** Where the answer's bytes belong: at `offset`, at the beginning, or nowhere (null). */
const placeOf = (response: Response, offset: number, bytes: number): number | null => {
  if (response.status === 200) return 0;
  if (response.status !== 206) return null;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  const [, from, total] = range ?? [];
  return Number(from) === offset && (total === '*' || Number(total) === bytes) ? offset : null;
};

/** Writes what comes behind `from`, and flushes it. Answers how many bytes there are; more than `most` are not written. */
const receive = async (
  { clock, folder, onBytes }: DownloadPorts,
  body: ReadableStream<Uint8Array> | null,
  from: number,
  most: number,
): Promise<number> => {
  let at = from;
  const reader = body?.getReader();
  const file = await onDisk(() => open(partOf(folder), from === 0 ? 'w' : 'r+', 0o600));
  try {
    for (;;) {
      const read = reader?.read() ?? Promise.resolve({ done: true as const, value: undefined });
      const { done, value } = await inTime({ timer: clock, ms: silentMs }, read, () => ({
        done: true as const,
        value: undefined,
      }));
      if (done) return at;
      if (at + value.byteLength > most) return at + value.byteLength;
      await onDisk(() => file.write(value, 0, value.byteLength, at));
      at += value.byteLength;
      onBytes?.(at);
    }
  } finally {
    // What has arrived counts, also where the rest does not come.
    await file.sync().catch(() => undefined);
    await file.close();
    await reader?.cancel().catch(() => undefined);
  }
};

/** Of the same package only: what there is of another is taken away first. Answers the note and how many bytes there are. */
const begin = async (
  { folder }: DownloadPorts,
  { sha256, bytes }: WantedPackage,
): Promise<{ note: Note; have: number }> => {
  const note = await noteOf(folder);
  if (note?.sha256 === sha256 && note.bytes === bytes) return { note, have: await bytesOf(partOf(folder)) };
  await dropDownload(folder);
  const fresh = { sha256, bytes, etag: null };
  await writeDurably(noteIn(folder), JSON.stringify(fresh));
  return { note: fresh, have: 0 };
};

/** One try to get what is missing. Answers how many bytes there are then, or that nobody gave any. */
const getRest = async (
  ports: DownloadPorts,
  wanted: WantedPackage,
  note: Note,
  have: number,
  signal: AbortSignal,
) => {
  const { fetch, clock, folder } = ports;
  const range =
    have > 0 ? { range: `bytes=${have}-`, ...(note.etag === null ? {} : { 'if-range': note.etag }) } : {};
  const stopper = new AbortController();
  const asked = fetch(wanted.url, { headers: range, signal: AbortSignal.any([signal, stopper.signal]) });
  try {
    const response = await inTime({ timer: clock, ms: silentMs, signal }, asked, () => null);
    const from = response && placeOf(response, have, wanted.bytes);
    if (!response || from === null) {
      // What we have may be longer than what they have, or of something else: from the beginning, next time.
      if (response && (response.status === 416 || response.status === 206)) await dropDownload(folder);
      return fail('update.no_answer');
    }
    const etag = strongTag(response);
    if (etag !== note.etag) await writeDurably(noteIn(folder), JSON.stringify({ ...note, etag }));
    return ok(await receive(ports, response.body, from, wanted.bytes));
  } catch (error) {
    if (error instanceof AppFailure) throw error;
    return fail('update.no_answer');
  } finally {
    stopper.abort();
    asked.catch(() => undefined);
  }
};

/**
 * Gets a package, or the rest of it. Answers the path of the whole and verified file. Errors: `update.no_answer` (what has come is kept, try
 * again), `update.damaged` (all was thrown away), `update.no_room`, `storage.*`.
 */
export const download = async (
  ports: DownloadPorts,
  wanted: WantedPackage,
  signal: AbortSignal,
): Promise<Result<string>> => {
  const { folder, freeBytes = freeOn } = ports;
  const { version, bytes } = wanted;
  try {
    return await onDisk(async () => {
      const { note, have } = await begin(ports, wanted);
      const whole = packageIn(folder);
      if ((await bytesOf(whole)) === bytes && (await sha256OfFile(whole)) === wanted.sha256) return ok(whole);
      const room = bytes * roomFactor - have;
      if ((await freeBytes(folder)) < room)
        return fail('update.no_room', { version, mebibytes: Math.ceil(room / mebibyte) });
      const got = have < bytes ? await getRest(ports, wanted, note, have, signal) : ok(have);
      if (!got.ok) return got;
      if (got.value < bytes) return fail('update.no_answer');
      if (got.value > bytes || (await sha256OfFile(partOf(folder))) !== wanted.sha256) {
        await dropDownload(folder);
        return fail('update.damaged', { version });
      }
      await renameDurably(partOf(folder), whole);
      return ok(whole);
    });
  } catch (error) {
    if (error instanceof AppFailure) return { ok: false, error: error.error };
    throw error;
  }
};
