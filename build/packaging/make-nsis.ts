/** The Windows installer, from `latchpoint.nsi` and lists of what lies in the packed folder. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dateAll, filesIn } from './installed-files.ts';
import { upgradeCode } from './make-msi.ts';
import type { PackageInput } from './package-input.ts';
import { runTool } from './tools.ts';

export const nsisName = (version: string): string => `Latchpoint-Setup-${version}.exe`;

const windows = (path: string): string => path.replaceAll('/', '\\');

/** Every folder on the way to these files, the deepest first. */
export const foldersOf = (paths: readonly string[]): readonly string[] => {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return [...folders].sort((one, other) => (one < other ? 1 : -1));
};

/** Makes the installer and answers its path. */
export const makeNsis = ({ packed, source, work, output, version, date, signing }: PackageInput): string => {
  const stage = join(work, 'nsis');
  const app = join(stage, 'app');
  mkdirSync(stage, { recursive: true });
  mkdirSync(output, { recursive: true });
  cpSync(packed, app, { recursive: true });
  dateAll(app, date);
  const files = filesIn(app);
  const install = files.flatMap(({ path }) => {
    const folder = dirname(path);
    const into = folder === '.' ? '$INSTDIR' : `$INSTDIR\\${windows(folder)}`;
    return [`SetOutPath "${into}"`, `File "${join(app, path)}"`];
  });
  const paths = files.map(({ path }) => path);
  const remove = [
    ...paths.map((path) => `Delete "$INSTDIR\\${windows(path)}"`),
    ...foldersOf(paths).map((folder) => `RMDir "$INSTDIR\\${windows(folder)}"`),
  ];
  writeFileSync(join(stage, 'install-files.nsh'), `${install.join('\n')}\n`);
  writeFileSync(join(stage, 'remove-files.nsh'), `${remove.join('\n')}\n`);
  const kibibytes = files.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 1024), 0);
  const out = join(output, nsisName(version));
  const defined = {
    VERSION: version,
    FILE_VERSION: `${version}.0`,
    KIBIBYTES: String(kibibytes),
    STAGE: stage,
    OUT: out,
    UPGRADE_CODE: upgradeCode,
    // The uninstaller is made on the way, and signed before it is packed.
    ...(signing ? { SIGN: signing.program } : {}),
  };
  const args = Object.entries(defined).map(([name, value]) => `-D${name}=${value}`);
  const env = { SOURCE_DATE_EPOCH: String(date) };
  runTool('makensis', ['-V2', '-WX', ...args, join(source, 'build/packaging/latchpoint.nsi')], { env });
  return out;
};
