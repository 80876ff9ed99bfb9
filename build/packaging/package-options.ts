/** What `npm run package -- …` understands. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formats, type FormatName } from './make-packages.ts';
import type { PackPlatform } from './pack-app.ts';
import type { Signing } from './sign.ts';

export interface PackageOptions {
  readonly platform: PackPlatform;
  readonly names: readonly FormatName[];
  readonly output: string;
  readonly signing: Signing | null;
}

const platforms: readonly PackPlatform[] = ['linux', 'win32'];
const isPlatform = (name: string): name is PackPlatform => platforms.some((known) => known === name);
const isFormat = (name: string): name is FormatName => Object.hasOwn(formats, name);
const formatsOf = (platform: PackPlatform): readonly FormatName[] =>
  Object.keys(formats).filter(
    (name): name is FormatName => isFormat(name) && formats[name].platform === platform,
  );

const readPlatform = (name: string | undefined): PackPlatform => {
  if (name === undefined) throw new Error('For which system? --platform linux or --platform win32');
  if (!isPlatform(name)) throw new Error(`There is no platform ${name}: it is ${platforms.join(' or ')}`);
  return name;
};

const readFormats = (platform: PackPlatform, text: string | undefined): readonly FormatName[] => {
  const all = formatsOf(platform);
  return (text?.split(',') ?? all).map((name) => {
    const known = all.find((one) => one === name);
    if (known !== undefined) return known;
    if (name === 'dir') throw new Error('A folder without a package is made by npm run pack');
    throw new Error(`There is no format ${name} for ${platform}: ${all.join(', ')}`);
  });
};

/** Both or neither, and for Windows alone. */
const readSigning = (platform: PackPlatform, program?: string, chain?: string): Signing | null => {
  if (program === undefined && chain === undefined) return null;
  if (program === undefined || chain === undefined)
    throw new Error('--sign and --signed-by go together: what signs, and by which certificates');
  if (platform !== 'win32') throw new Error('--sign is for win32: nothing else is signed');
  return { program: resolve(program), chain: resolve(chain) };
};

/** `root`: of the project. Throws an Error whose message names the first thing that is wrong, and what is right. */
export const parsePackageOptions = (args: string[], root: string): PackageOptions => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { platform: text, format: text, output: text, sign: text, 'signed-by': text },
  });
  const platform = readPlatform(values.platform);
  return {
    platform,
    names: readFormats(platform, values.format),
    output: resolve(values.output ?? join(root, 'dist/package')),
    signing: readSigning(platform, values.sign, values['signed-by']),
  };
};
