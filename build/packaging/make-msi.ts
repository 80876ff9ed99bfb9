/** The Windows Installer package, for Group Policy and Intune: per machine, one component for each file. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { dateAll, filesIn, uuidOf } from './installed-files.ts';
import { setSummary } from './msi-summary.ts';
import type { PackageInput } from './package-input.ts';
import { runTool } from './tools.ts';

export const msiName = (version: string): string => `Latchpoint-${version}.msi`;
/** By this Windows knows every version of Latchpoint as one product: it never changes. */
export const upgradeCode = 'E3C7C3A0-6C0B-8B0E-9D3D-5B9A4C1F7E21';
/** Where the other installer notes what it has installed: the two would share a folder, and neither would know the other's files. */
const nsisKey = 'Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Latchpoint';
/** Where it notes the folder that was chosen (`INSTALLDIR=`), for the next version. */
const ownKey = 'Software\\Latchpoint';

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const idOf = (kind: string, path: string): string => `${kind}${uuidOf(path).replaceAll('-', '')}`;

interface Folder {
  readonly files: string[];
  readonly folders: Map<string, Folder>;
}
const emptyFolder = (): Folder => ({ files: [], folders: new Map() });

const treeOf = (paths: readonly string[]): Folder => {
  const top = emptyFolder();
  for (const path of paths) {
    let folder = top;
    for (const part of dirname(path)
      .split('/')
      .filter((name) => name !== '.')) {
      const next = folder.folders.get(part) ?? emptyFolder();
      folder.folders.set(part, next);
      folder = next;
    }
    folder.files.push(path);
  }
  return top;
};

/** `Source`: wixl finds no absolute path, only one from the document's folder. */
const component = (path: string): string =>
  `<Component Id="${idOf('c', path)}" Guid="${uuidOf(`component ${path}`)}" Win64="yes">` +
  `<File Id="${idOf('f', path)}" Name="${attribute(basename(path))}" Source="${attribute(`app/${path}`)}" KeyPath="yes"/>` +
  '</Component>';

const inside = ({ files, folders }: Folder, at: string): string =>
  [
    ...files.map((path) => component(path)),
    ...[...folders].map(([name, folder]) => {
      const path = at === '' ? name : `${at}/${name}`;
      return `<Directory Id="${idOf('d', path)}" Name="${attribute(name)}">${inside(folder, path)}</Directory>`;
    }),
  ].join('\n');

/** The package as WiX reads it. */
const documentOf = (app: string, version: string): string => {
  const paths = filesIn(app).map(({ path }) => path);
  return `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="${uuidOf(`product ${version}`)}" Name="Latchpoint" Language="1033" Version="${version}" Manufacturer="Latchpoint contributors" UpgradeCode="${upgradeCode}">
<Package Id="*" InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Description="Latchpoint ${version}"/>
<Media Id="1" Cabinet="latchpoint.cab" EmbedCab="yes"/>
<MajorUpgrade DowngradeErrorMessage="A newer version of Latchpoint is installed, and an older one may not read its data."/>
<Property Id="SETUPEXE"><RegistrySearch Id="SetupExe" Root="HKLM" Key="${nsisKey}" Name="DisplayVersion" Type="raw" Win64="yes"/></Property>
<Property Id="INSTALLDIR"><RegistrySearch Id="InstallDir" Root="HKLM" Key="${ownKey}" Name="InstallDir" Type="raw" Win64="yes"/></Property>
<Condition Message="Latchpoint-Setup.exe has installed Latchpoint here. Remove that first, or go on with it.">Installed OR NOT SETUPEXE</Condition>
<Property Id="ARPNOMODIFY" Value="1"/>
<Property Id="ARPNOREPAIR" Value="1"/>
<Directory Id="TARGETDIR" Name="SourceDir">
<Directory Id="ProgramFiles64Folder">
<Directory Id="INSTALLDIR" Name="Latchpoint">
${inside(treeOf(paths), '')}
<Component Id="InstallDirKept" Guid="${uuidOf('component InstallDir')}" Win64="yes">
<RegistryValue Root="HKLM" Key="${ownKey}" Name="InstallDir" Type="string" Value="[INSTALLDIR]" KeyPath="yes"/>
</Component>
</Directory>
</Directory>
</Directory>
<Feature Id="Kiosk" Title="Latchpoint" Level="1">
${paths.map((path) => `<ComponentRef Id="${idOf('c', path)}"/>`).join('\n')}
<ComponentRef Id="InstallDirKept"/>
</Feature>
</Product>
</Wix>
`;
};

/** Makes the package and answers its path. */
export const makeMsi = ({ packed, work, output, version, date }: PackageInput): string => {
  const stage = join(work, 'msi');
  const app = join(stage, 'app');
  mkdirSync(stage, { recursive: true });
  mkdirSync(output, { recursive: true });
  cpSync(packed, app, { recursive: true });
  dateAll(app, date);
  const document = join(stage, 'latchpoint.wxs');
  writeFileSync(document, documentOf(app, version));
  const file = join(output, msiName(version));
  runTool('wixl', ['-a', 'x64', '-o', file, document]);
  const bytes = readFileSync(file);
  setSummary(bytes, uuidOf(`package ${version} ${date}`), date);
  writeFileSync(file, bytes);
  return file;
};
