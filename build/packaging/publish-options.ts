/** What `npm run publish-update -- …` understands. */
import { parseArgs } from 'node:util';
import { compareVersions, rings } from '#kiosk/updates/manifest.ts';
import { languages } from '#shared/models/language.ts';

export type PublishOptions =
  | { readonly command: 'keys'; readonly to: string }
  | {
      readonly command: 'sign';
      readonly key: string;
      readonly version: string;
      readonly from: string;
      readonly to: string;
      readonly issuedAt: number;
      readonly days: number;
      /** File by platform. */
      readonly packages: readonly (readonly [string, string])[];
      /** Of each ring the part that is reached, in per cent. */
      readonly rings: Readonly<Record<string, number>>;
      readonly stores: readonly string[];
      readonly words: Readonly<Record<string, string>>;
      readonly urgent: boolean;
    };

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;

const needed = (name: string, value: string | undefined): string => {
  if (value === undefined || value === '') throw new Error(`--${name} is missing`);
  return value;
};

const version = (name: string, value: string | undefined): string => {
  if (/^\d{1,5}(\.\d{1,5}){2}$/.test(needed(name, value))) return needed(name, value);
  throw new Error(`--${name} takes a version such as 0.3.1, and was given ${value}`);
};

const number = (name: string, value: string, least: number, most: number): number => {
  if (/^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw new Error(`--${name} takes a whole number from ${least} to ${most}, and was given ${value}`);
};

/** NAME=VALUE, each name once, and of `known` where only those have a meaning. */
const pairs = (option: string, form: string, given: readonly string[] = [], known?: readonly string[]) => {
  const read = new Map<string, string>();
  for (const one of given) {
    const at = one.indexOf('=');
    const name = one.slice(0, at);
    if (at < 1) throw new Error(`--${option} takes ${form}, and was given ${one}`);
    if (known?.includes(name) === false)
      throw new Error(`--${option} ${one}: there is no ${name}; there are ${known.join(', ')}`);
    if (read.has(name)) throw new Error(`--${option} names ${name} twice`);
    read.set(name, one.slice(at + 1));
  }
  return [...read];
};

/** What follows itself, or what is newer, is taken by no kiosk. */
const readVersions = (to: string | undefined, since: string | undefined) => {
  const versions = { version: version('version', to), from: version('from', since) };
  if (compareVersions(versions.version, versions.from) <= 0)
    throw new Error(
      `--from ${versions.from} is not before --version ${versions.version}: no kiosk would take it`,
    );
  return versions;
};

const readSign = (args: string[], now: number): PublishOptions => {
  const options = {
    key: text,
    version: text,
    from: text,
    to: text,
    days: { ...text, default: '14' },
    issued: text,
    package: texts,
    ring: texts,
    store: texts,
    words: texts,
    urgent: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const issuedMs = values.issued === undefined ? now : Date.parse(values.issued);
  if (Number.isNaN(issuedMs)) throw new Error('--issued takes a time such as 2026-11-30T17:00:00Z');
  const packages = pairs('package', 'linux-x64=FILE', values.package);
  if (packages.length === 0) throw new Error('--package is missing');
  const shares = pairs('ring', 'RING=PER-CENT', values.ring, rings);
  return {
    command: 'sign',
    key: needed('key', values.key),
    ...readVersions(values.version, values.from),
    to: needed('to', values.to),
    // Whole seconds: that is what a manifest has.
    issuedAt: Math.floor(issuedMs / 1000) * 1000,
    days: number('days', values.days, 1, 3_650),
    packages,
    rings: Object.fromEntries(shares.map(([ring, share]) => [ring, number(`ring ${ring}`, share, 0, 100)])),
    stores: values.store ?? [],
    words: Object.fromEntries(pairs('words', 'en=TEXT', values.words, languages)),
    urgent: values.urgent,
  };
};

/** Throws an Error whose message names the first thing that is wrong, and what is right. */
export const parsePublishOptions = ([command, ...args]: string[], now: number): PublishOptions => {
  if (command === 'sign') return readSign(args, now);
  if (command !== 'keys') throw new Error(`${command ?? 'What'}? It is keys or sign`);
  return { command, to: needed('to', parseArgs({ args, options: { to: text } }).values.to) };
};
