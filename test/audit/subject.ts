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

/** Every file below a folder of the build, as text. */
const textsIn = (built: string, ...folders: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    folders.flatMap((folder) => {
      const files = readdirSync(join(built, 'dist', folder), { recursive: true, withFileTypes: true });
      return files
        .filter((file) => file.isFile())
        .map((file) => [`${folder}/${file.name}`, readFileSync(join(file.parentPath, file.name), 'latin1')]);
    }),
  );

/** The host's own programs: whatever lies beside them may be loaded by them. */
export const programsOf = ({ built }: Subject): Readonly<Record<string, string>> => {
  const texts = Object.entries(textsIn(built, 'main', 'preload'));
  return Object.fromEntries(texts.filter(([name]) => /\.[cm]?js$/.test(name)));
};

export const pageOf = ({ built }: Subject): Readonly<Record<string, string>> => textsIn(built, 'renderer');

/** Which of these programs hold the pattern. */
export const holding = (texts: Readonly<Record<string, string>>, pattern: RegExp): string[] =>
  Object.entries(texts).flatMap(([name, text]) => {
    const found = pattern.exec(text);
    return found ? [`${name} has ${found[0]}`] : [];
  });
