/**
 * The manifest of the update channel (docs/updates.md, "The manifest"): lines of text, the last of which signs all bytes before it. So
 * nothing is written anew before it is verified, and what installs with root's rights reads it with a shell's tools.
 */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { languages, type Language } from '#shared/models/language.ts';
import { isSignedByChannel, type UpdateKey } from './proof.ts';

export const updateManifestName = 'latchpoint.update';
export const manifestForm = 1;
/** A manifest is a few lines; one with the ids of a thousand stores is about 40 KiB. */
export const mostManifestBytes = 128 * 1024;
/** A clock may be so far behind the publisher's; taken once, nothing that is issued before it would be taken any more. */
export const mostAheadMs = 86_400_000;
/** Electron's own is about 100 MiB. */
export const mostPackageBytes = 1024 * 1024 * 1024;

export const rings = ['pilot', 'early', 'all'] as const;
export type Ring = (typeof rings)[number];

export interface UpdatePackage {
  /** Beside the manifest. */
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface Manifest {
  readonly version: string;
  /** ms since the epoch, whole seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The oldest version that may be followed by this one. */
  readonly from: string;
  /** The format in which this version leaves the kiosk's data. */
  readonly dataVersion: number;
  /** It waits for nobody to be there, and not for the night. */
  readonly urgent: boolean;
  /** Per cent of a ring's stores; a ring that is missing has none. */
  readonly rings: Readonly<Partial<Record<Ring, number>>>;
  /** Stores that are in it whatever their ring. */
  readonly stores: ReadonlySet<string>;
  /** By `linux-x64`, … */
  readonly packages: ReadonlyMap<string, UpdatePackage>;
  /** What it brings, in one sentence. */
  readonly words: Readonly<Partial<Record<Language, string>>>;
}

const version = String.raw`(\d{1,5}\.\d{1,5}\.\d{1,5})`;
const time = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)`;
/** In this order; each once, or `?` once at the most, `*` any number. */
const grammar = [
  ['version', '', version],
  ['issued', '', time],
  ['expires', '', time],
  ['from', '', version],
  ['data', '', String.raw`(\d{1,5})`],
  ['urgent', '?', '(yes)'],
  ['ring', '*', String.raw`(pilot|early|all) (\d{1,3})`],
  ['store', '*', String.raw`([\w.-]{1,100})`],
  ['package', '*', String.raw`([a-z0-9]+-[a-z0-9]+) ([A-Za-z0-9][\w.+~-]{0,119}) (\d{1,10}) ([0-9a-f]{64})`],
  ['words', '*', `(${languages.join('|')}) ([^\\p{Cc}]{1,300})`],
] as const;
type Keyword = (typeof grammar)[number][0];
type Lines = ReadonlyMap<Keyword, readonly (readonly string[])[]>;

/** The values of each line; null where a line is none of the form's, is missing, comes twice or in another place. */
const linesOf = (text: string): Lines | null => {
  const left = text.split('\n');
  const found = new Map<Keyword, string[][]>();
  for (const [keyword, many, values] of grammar) {
    const pattern = new RegExp(`^${keyword} ${values}$`, 'u');
    const rows: string[][] = [];
    for (let match = pattern.exec(left[0] ?? ''); match; match = pattern.exec(left[0] ?? '')) {
      rows.push(match.slice(1));
      left.shift();
      if (many !== '*') break;
    }
    if (many === '' && rows.length === 0) return null;
    found.set(keyword, rows);
  }
  return left.length === 0 ? found : null;
};

const unreadable = (problem: string): Result<never> => fail('update.unreadable', { problem });

const meaningOf = (lines: Lines): Manifest | null => {
  const rows = (keyword: Keyword): readonly (readonly string[])[] => lines.get(keyword) ?? [];
  const one = (keyword: Keyword): string => rows(keyword)[0]?.[0] ?? '';
  const shares = rows('ring').map(([ring = '', share]) => [ring, Number(share)] as const);
  const packages = rows('package').map(
    ([platform = '', file = '', bytes, sha256 = '']) =>
      [platform, { file, bytes: Number(bytes), sha256 }] as const,
  );
  const words = rows('words').map(([language = '', text = '']) => [language, text] as const);
  const issuedAt = Date.parse(one('issued'));
  const expiresAt = Date.parse(one('expires'));
  const isOnce = [shares, packages, words].every(
    (named) => new Set(named.map(([name]) => name)).size === named.length,
  );
  const isWithin =
    shares.every(([, share]) => share <= 100) &&
    packages.every(([, { bytes }]) => bytes > 0 && bytes <= mostPackageBytes);
  if (!isOnce || !isWithin || !(issuedAt < expiresAt)) return null;
  return {
    version: one('version'),
    issuedAt,
    expiresAt,
    from: one('from'),
    dataVersion: Number(one('data')),
    urgent: one('urgent') === 'yes',
    rings: Object.fromEntries(shares),
    stores: new Set(rows('store').map(([id = '']) => id)),
    packages: new Map(packages),
    words: Object.fromEntries(words),
  };
};

/** Reads what a channel has given. Its form and its signature are asked before anything that it says. */
export const readManifest = (bytes: Uint8Array, key: UpdateKey): Result<Manifest> => {
  if (bytes.length > mostManifestBytes) return unreadable('it is too large');
  const text = Buffer.from(bytes).toString('latin1');
  const form = /^latchpoint-update (\d{1,5})\n/.exec(text)?.[1];
  if (form === undefined) return unreadable('it is no manifest');
  if (Number(form) !== manifestForm) return fail('update.unknown_form', { found: form });
  const [, body = '', signature] = /^([^]*\n)signature ([A-Za-z0-9+/]{86}==)\n$/.exec(text) ?? [];
  if (signature === undefined) return fail('update.bad_signature');
  const signed = bytes.subarray(0, body.length);
  if (!isSignedByChannel(key, signed, Buffer.from(signature, 'base64'))) return fail('update.bad_signature');
  const head = text.indexOf('\n') + 1;
  const lines = linesOf(Buffer.from(bytes.subarray(head, body.length - 1)).toString('utf8'));
  const manifest = lines && meaningOf(lines);
  return manifest ? ok(manifest) : unreadable('a line of it is not as it has to be');
};

/** Less than 0 where `one` is older than `other`. Both as a manifest has them. */
export const compareVersions = (one: string, other: string): number => {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number));
  for (const [at, part] of (a ?? []).entries()) {
    const difference = part - (b?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};
