import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeDeb } from './make-deb.ts';
import { makeMsi } from './make-msi.ts';
import { makeNsis } from './make-nsis.ts';
import type { PackPlatform } from './pack-app.ts';
import type { PackageInput } from './package-input.ts';
import { signatureProblems, signFile } from './sign.ts';
import type { Tool } from './tools.ts';
import { debProblems } from './verify/deb.ts';
import { msiProblems, nsisProblems } from './verify/windows.ts';

interface Format {
  readonly platform: PackPlatform;
  readonly tools: readonly Tool[];
  readonly make: (input: PackageInput) => string;
  /** Opens the package again; answers what is wrong with it. */
  readonly problems: (file: string, input: PackageInput) => Promise<readonly string[]>;
}

export const formats = {
  deb: {
    platform: 'linux',
    tools: ['dpkg-deb'],
    make: makeDeb,
    problems: (file, { version, work }) => debProblems(file, version, join(work, 'opened')),
  },
  nsis: {
    platform: 'win32',
    tools: ['makensis', '7z'],
    make: makeNsis,
    problems: (file, { packed, work, signing }) =>
      nsisProblems({ file, packed, work: join(work, 'opened'), signing }),
  },
  msi: {
    platform: 'win32',
    tools: ['wixl', 'msiinfo', 'msiextract'],
    make: makeMsi,
    problems: (file, { packed, version, work, signing }) =>
      msiProblems({ file, packed, work: join(work, 'opened'), signing }, version),
  },
} as const satisfies Readonly<Record<string, Format>>;
export type FormatName = keyof typeof formats;

/** Makes one package and opens it again. Throws, with all that is wrong, where it is not as it has to be. */
export const makePackage = async (name: FormatName, input: PackageInput): Promise<string> => {
  mkdirSync(input.work, { recursive: true });
  mkdirSync(input.output, { recursive: true });
  const { make, problems, platform } = formats[name];
  const file = make(input);
  const signing = platform === 'win32' ? input.signing : null;
  if (signing) signFile(file, signing);
  const wrong = [...(signing ? signatureProblems(file, signing) : []), ...(await problems(file, input))];
  if (wrong.length > 0) throw new Error(`${file} is not right:\n${wrong.join('\n')}`);
  return file;
};
