/** The Debian package: the packed folder below /opt, the kiosk's unit, and what IT expects of a package. */
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sealedFormat } from '#kiosk/data/storage/sealed-file.ts';
import { dateAll, filesIn } from './installed-files.ts';
import type { PackageInput } from './package-input.ts';
import { runTool } from './tools.ts';

/** In what is installed: the format in which it leaves the kiosk's data. */
export const dataVersionFile = 'opt/Latchpoint/linux/data-version';

export const debName = (version: string): string => `latchpoint_${version}_amd64.deb`;

/**
 * What Electron loads, and what shows the kiosk: `cage` does not start without Xwayland, nor without a session of logind's that it may
 * activate, and brings neither (Debian 12).
 */
export const depends = [
  'adduser',
  'cage',
  'xwayland',
  'libpam-systemd',
  'openssl',
  'polkitd',
  'libasound2',
  'libatspi2.0-0',
  'libc6',
  'libgbm1',
  'libgtk-3-0',
  'libnotify4',
  'libnss3',
  'libsecret-1-0',
  'libuuid1',
  'libxss1',
  'libxtst6',
];
const scripts = ['preinst', 'postinst', 'prerm', 'postrm'] as const;
const modes = { folder: 0o755, program: 0o755, file: 0o644, sandbox: 0o4755 } as const;

const controlOf = (version: string, kibibytes: number): string =>
  [
    'Package: latchpoint',
    `Version: ${version}`,
    'Architecture: amd64',
    'Maintainer: Latchpoint contributors',
    `Installed-Size: ${kibibytes}`,
    `Depends: ${depends.join(', ')}`,
    'Recommends: bluez',
    'Section: misc',
    'Priority: optional',
    'Description: kiosk that discovers, enrols and unlocks BLE retail locks',
    ' Store staff sign in and open what is locked, online or offline. The kiosk is',
    ' the only thing on its screen; a systemd unit starts it under cage.',
    '',
  ].join('\n');

/** Sets every mode: nothing is asked of the packed files, or of the umask under which a build runs. */
const setModes = (tree: string): void => {
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) chmodSync(path, modes.folder);
    else chmodSync(path, modeOf(entry.name));
  }
  chmodSync(tree, modes.folder);
};

const modeOf = (name: string): number => {
  if (name === 'chrome-sandbox') return modes.sandbox;
  const isProgram =
    /^(latchpoint|chrome_crashpad_handler|preinst|postinst|prerm|postrm|.*\.sh|.*\.so(\.\d+)*)$/.test(name);
  return isProgram ? modes.program : modes.file;
};

/** Makes the package and answers its path. */
export const makeDeb = ({ packed, source, work, output, version, date }: PackageInput): string => {
  const tree = join(work, 'deb');
  const put = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  };
  mkdirSync(join(tree, 'opt'), { recursive: true });
  cpSync(packed, join(tree, 'opt/Latchpoint'), { recursive: true, verbatimSymlinks: true });
  put('usr/lib/systemd/system/latchpoint.service', readFileSync(join(packed, 'linux/latchpoint.service')));
  const units = 'usr/lib/systemd/system';
  mkdirSync(join(tree, units, 'multi-user.target.wants'), { recursive: true });
  for (const unit of ['latchpoint-update.path', 'latchpoint-update.service']) {
    put(join(units, unit), readFileSync(join(packed, 'linux', unit)));
    // Enabled by the package: both do nothing before IT has put a key there.
    symlinkSync(`../${unit}`, join(tree, units, 'multi-user.target.wants', unit));
  }
  // What goes back from a version asks in which format that one leaves the data.
  put(dataVersionFile, `${sealedFormat}\n`);
  put('usr/share/doc/latchpoint/copyright', readFileSync(join(source, 'LICENSE')));
  put(
    'usr/share/doc/latchpoint/changelog.gz',
    gzipSync(readFileSync(join(source, 'CHANGELOG.md')), { level: 9 }),
  );
  mkdirSync(join(tree, 'etc/latchpoint'), { recursive: true });
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  symlinkSync('/opt/Latchpoint/latchpoint', join(tree, 'usr/bin/latchpoint'));

  const files = filesIn(tree);
  const kibibytes = files.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 1024), 0);
  const md5 = (path: string): string =>
    createHash('md5')
      .update(readFileSync(join(tree, path)))
      .digest('hex');
  put('DEBIAN/control', controlOf(version, kibibytes));
  put('DEBIAN/md5sums', files.map(({ path }) => `${md5(path)}  ${path}\n`).join(''));
  for (const script of scripts) {
    const text = readFileSync(join(source, 'build/packaging/debian', script), 'utf8');
    put(`DEBIAN/${script}`, text.replaceAll('@VERSION@', version));
  }
  setModes(tree);
  dateAll(join(tree, 'opt'), date);
  const file = join(output, debName(version));
  const how = ['--root-owner-group', '-Zxz', '--threads-max=1'];
  runTool('dpkg-deb', [...how, '--build', tree, file], { env: { SOURCE_DATE_EPOCH: String(date) } });
  return file;
};
