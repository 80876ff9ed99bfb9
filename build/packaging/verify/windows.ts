/** The two Windows packages, opened again: with 7-Zip and with msitools. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn } from '../installed-files.ts';
import { upgradeCode } from '../make-msi.ts';
import { folderProblems, signatureProblems, type Signing } from '../sign.ts';
import { runTool } from '../tools.ts';
import { contentsProblems } from './contents.ts';

const same = (installed: string, packed: string): readonly string[] => {
  const read = (dir: string, path: string): string => readFileSync(join(dir, path)).toString('base64');
  const wanted = filesIn(packed).map(({ path }) => path);
  const found = filesIn(installed).map(({ path }) => path);
  return [
    ...wanted.filter((path) => !found.includes(path)).map((path) => `${path} is not installed`),
    ...found
      .filter((path) => !wanted.includes(path))
      .map((path) => `${path} is installed, and was not packed`),
    ...wanted
      .filter((path) => found.includes(path) && read(installed, path) !== read(packed, path))
      .map((path) => `${path} differs`),
  ];
};

export interface MadeInstaller {
  readonly file: string;
  /** What it was made of. */
  readonly packed: string;
  /** A folder that is thrown away. */
  readonly work: string;
  readonly signing: Signing | null;
}

const uninstallerProblems = (file: string, work: string, signing: Signing): readonly string[] => {
  runTool('7z', ['x', '-y', `-o${work}`, file, 'Uninstall.exe']);
  return signatureProblems(join(work, 'Uninstall.exe'), signing);
};

/** Answers what is wrong with the NSIS installer. */
export const nsisProblems = async ({
  file,
  packed,
  work,
  signing,
}: MadeInstaller): Promise<readonly string[]> => {
  const tree = join(work, 'nsis');
  mkdirSync(tree, { recursive: true });
  runTool('7z', ['x', '-y', `-o${tree}`, file, '-x!$PLUGINSDIR', '-x!Uninstall.exe']);
  const names = runTool('7z', ['l', '-ba', file]);
  const uninstaller = /\bUninstall\.exe$/m.test(names) ? [] : ['there is no uninstaller'];
  const asksForMsi = /\bSystem\.dll$/m.test(names) ? [] : ['it cannot ask whether the MSI was here'];
  return [
    ...uninstaller,
    ...asksForMsi,
    ...(signing ? [...folderProblems(tree, signing), ...uninstallerProblems(file, work, signing)] : []),
    ...same(tree, packed),
    ...(await contentsProblems(tree, 'win32', join(work, 'asar'))),
  ];
};

/** The rows of a table, by their first cell. */
const tableOf = (file: string, table: string): ReadonlyMap<string, readonly string[]> => {
  const [, , , ...rows] = runTool('msiinfo', ['export', file, table]).replaceAll('\r', '').split('\n');
  return new Map(rows.filter((row) => row !== '').map((row) => [row.split('\t')[0] ?? '', row.split('\t')]));
};

/** Looked up at its start: the other installer, and the folder that was chosen before. */
const searches = {
  SETUPEXE: ['Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Latchpoint', 'DisplayVersion'],
  INSTALLDIR: ['Software\\Latchpoint', 'InstallDir'],
} as const;
/** A value as it stands, of the 64-bit registry. */
const rawOf64Bit = '18';

const searchProblems = (file: string, conditions: readonly string[]): readonly string[] => {
  const problems: string[] = [];
  const locators = tableOf(file, 'RegLocator');
  for (const [property, [key, name]] of Object.entries(searches)) {
    const signature = tableOf(file, 'AppSearch').get(property)?.[1] ?? '';
    const [, root, ...place] = locators.get(signature) ?? [];
    if (root !== '2' || place.join('|') !== [key, name, rawOf64Bit].join('|'))
      problems.push(`${property} is not looked up in ${key}`);
  }
  const [key, name] = searches.INSTALLDIR;
  const kept = [...tableOf(file, 'Registry').values()].map(([, root, ...row]) => [root, ...row].join('|'));
  if (!kept.includes(['2', key, name, '[INSTALLDIR]', 'InstallDirKept'].join('|')))
    problems.push('the chosen folder is not noted for the next version');
  if (!conditions.includes('Installed OR NOT SETUPEXE'))
    problems.push('it installs into the folder of the other installer');
  return problems;
};

/** Answers what is wrong with the MSI. */
export const msiProblems = async (
  { file, packed, work, signing }: MadeInstaller,
  version: string,
): Promise<readonly string[]> => {
  const problems: string[] = [];
  const properties = tableOf(file, 'Property');
  const expected = {
    ProductVersion: version,
    UpgradeCode: `{${upgradeCode}}`,
    ALLUSERS: '1',
    ProductName: 'Latchpoint',
  };
  for (const [name, value] of Object.entries(expected)) {
    const found = properties.get(name)?.[1];
    if (found !== value) problems.push(`${name} is ${found ?? 'nothing'}`);
  }
  const conditions = [...tableOf(file, 'LaunchCondition').keys()];
  if (!conditions.includes('NOT WIX_DOWNGRADE_DETECTED'))
    problems.push('it does not refuse an older version');
  const steps = tableOf(file, 'InstallExecuteSequence');
  for (const step of ['RemoveExistingProducts', 'RemoveFiles', 'InstallFiles']) {
    if (!steps.has(step)) problems.push(`it has no step ${step}`);
  }
  const withoutOwn = [...tableOf(file, 'Component').keys()].filter((id) => id !== 'InstallDirKept');
  if (withoutOwn.length !== filesIn(packed).length) problems.push('not each file has a component');
  problems.push(...searchProblems(file, conditions));
  const tree = join(work, 'msi');
  mkdirSync(tree, { recursive: true });
  runTool('msiextract', ['-C', tree, file]);
  const installed = join(tree, 'Latchpoint');
  return [
    ...problems,
    ...same(installed, packed),
    ...(signing ? folderProblems(installed, signing) : []),
    ...(await contentsProblems(installed, 'win32', join(work, 'asar'))),
  ];
};
