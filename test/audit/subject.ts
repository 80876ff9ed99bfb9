/** What the audit looks at: the built host, running on the double of Electron, and a package of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningHost } from '#support/electron/run-host.ts';

export interface Subject {
  /** Folder with `dist/` as it was built. */
  readonly built: string;
  readonly host: RunningHost;
  /** The packaged binary, which carries the fuses. */
  readonly executable: string;
  /** Whether that binary is a stand-in for Electron's. */
  readonly isStandIn: boolean;
  /** Electron's version, by who says so. */
  readonly versions: Readonly<Record<'package.json' | 'electron-builder.yml' | 'installed', string>>;
}

/** A check's result: what was seen, in words. */
export interface Finding {
  readonly ok: boolean;
  readonly seen: string;
}

/** Where a check looks. */
export const places = {
  double: 'host on the double',
  built: 'built files',
  package: 'package',
} as const;

/** Holds when `wrong` is empty; else it says what is wrong. */
export const holds = (wrong: readonly string[], seen: string): Finding =>
  wrong.length === 0 ? { ok: true, seen } : { ok: false, seen: wrong.join('; ') };

/** The host's own programs, as text. */
export const programsOf = ({ built }: Subject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['main/main.js', 'main/radio-process.js', 'preload/preload.cjs'].map((name) => [
      name,
      readFileSync(join(built, 'dist', name), 'utf8'),
    ]),
  );

/** Every file of the built page, as text. */
export const pageOf = ({ built }: Subject): Readonly<Record<string, string>> => {
  const folder = join(built, 'dist/renderer');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files.map((file) => [file.name, readFileSync(join(file.parentPath, file.name), 'latin1')]),
  );
};

/** Which of these programs hold the pattern. */
export const holding = (texts: Readonly<Record<string, string>>, pattern: RegExp): string[] =>
  Object.entries(texts).flatMap(([name, text]) => {
    const found = pattern.exec(text);
    return found ? [`${name} has ${found[0]}`] : [];
  });
