/** `npm run package`: what it makes on a stand-in is opened again, is the same each time, and what is wrong in a package is found. */
import { flipFuses } from '@electron/fuses';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { buildHost } from '#support/electron/run-host.ts';
import { fileFolderTest } from '#support/folder-test.ts';
import { fuses } from '../../build/packaging/fuses.ts';
import { formats, makePackage, type FormatName } from '../../build/packaging/make-packages.ts';
import { packApp, type PackPlatform } from '../../build/packaging/pack-app.ts';
import type { PackageInput } from '../../build/packaging/package-input.ts';
import { signatureProblems, signFolder, type Signing } from '../../build/packaging/sign.ts';
import { haveTools, runTool, type Tool } from '../../build/packaging/tools.ts';
import { writeKioskSbom } from '../../build/packaging/write-sbom.ts';
import { contentsProblems } from '../../build/packaging/verify/contents.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const withinMs = 600_000;
const date = 1_790_000_000;
const names = Object.keys(formats) as FormatName[];

const it = fileFolderTest
  // Elsewhere than on Debian the tools can't be had, and only what needs them is left out.
  .extend('missing', { scope: 'file' }, () => {
    const tools = new Set<Tool>([...names.flatMap((name) => [...formats[name].tools]), 'osslsigncode']);
    return haveTools([...tools], () => undefined);
  })
  .extend('packed', { scope: 'file' }, async ({ folder }) => {
    const project = join(folder, 'project');
    await buildHost(project);
    await writeKioskSbom(root, join(project, 'dist/sbom.cdx.json'));
    const pack = async (platform: PackPlatform): Promise<string> =>
      (await packApp({ electronDist: null, output: join(folder, platform), platform, project })).dir;
    return { linux: await pack('linux'), win32: await pack('win32') };
  })
  .extend(
    'newFolder',
    ({ folder }) =>
      () =>
        mkdtemp(join(folder, 'try-')),
  )
  .extend(
    'packedFor',
    ({ packed }) =>
      (name: FormatName): string =>
        packed[formats[name].platform],
  )
  .extend(
    'make',
    ({ newFolder, packedFor }) =>
      async (name: FormatName, over: Partial<PackageInput> = {}): Promise<string> => {
        const place = await newFolder();
        return makePackage(name, {
          packed: packedFor(name),
          source: root,
          version: '1.2.3',
          date,
          signing: null,
          work: join(place, 'work'),
          output: join(place, 'out'),
          ...over,
        });
      },
  )
  /** Runs one of the package's scripts where every command that it calls writes down how it was called. */
  .extend(
    'called',
    ({ newFolder }) =>
      async (script: string, args: readonly string[], hasAccount: boolean): Promise<readonly string[]> => {
        const bin = await newFolder();
        for (const name of ['adduser', 'getent', 'install', 'systemctl']) {
          const ends = name === 'getent' && !hasAccount ? 2 : 0;
          const text = `#!/bin/sh\necho "${name} $*" >> "${bin}/calls"\nexit ${ends}\n`;
          await writeFile(join(bin, name), text, { mode: 0o755 });
        }
        const { status, stderr } = spawnSync(
          '/bin/sh',
          [join(root, 'build/packaging/debian', script), ...args],
          {
            env: { PATH: bin },
            encoding: 'utf8',
          },
        );
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        return (await readFile(join(bin, 'calls'), 'utf8').catch(() => '')).trim().split('\n');
      },
  )
  /** A certificate for this test alone, and a program that signs with it. */
  .extend('makeSigner', ({ folder }) => async (name: string): Promise<Signing> => {
    const at = (file: string): string => join(folder, `${name}-${file}`);
    const use = ['-addext', 'extendedKeyUsage=codeSigning', '-addext', 'keyUsage=critical,digitalSignature'];
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-keyout', at('key.pem'), '-out', at('chain.pem')];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...use]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    const sign = `osslsigncode sign -certs ${at('chain.pem')} -key ${at('key.pem')} -h sha256 -in "$1" -out "$1.new"`;
    await writeFile(at('sign.sh'), `#!/bin/sh\n${sign} > /dev/null && mv "$1.new" "$1"\n`, { mode: 0o755 });
    return { program: at('sign.sh'), chain: at('chain.pem') };
  });
it.beforeAll(({ missing: _missing, packed: _packed }) => undefined, withinMs);

it('the tools are there where this is built', ({ missing }) => {
  if (process.env['CI'] !== undefined) expect(missing).toEqual([]);
});

it.for(names)(
  'two builds of the same source give the same bytes: %s',
  { timeout: withinMs },
  async (name, { missing, make }) => {
    if (missing.length > 0) return;
    const first = await readFile(await make(name));
    const umask = process.umask(0o077);
    const second = await readFile(await make(name));
    process.umask(umask);
    expect(first.equals(second)).toBe(true);
  },
);

/** What is done to a copy of the packed folder, and what is then said of it. */
const faults: readonly (readonly [string, (dir: string, program: string) => Promise<unknown>, RegExp])[] = [
  ['a source map', (dir) => writeFile(join(dir, 'main.js.map'), '{}'), /main\.js\.map has no place/],
  [
    'a test',
    (dir) => mkdir(join(dir, 'test')).then(() => writeFile(join(dir, 'test/x.js'), '')),
    /test\/x\.js has no place/,
  ],
  [
    'more than it may have',
    (dir) => writeFile(join(dir, 'resources/large'), Buffer.alloc(6 * 1_048_576)),
    /MiB, and may have 6/,
  ],
  ['no bill of materials', (dir) => rm(join(dir, 'resources/sbom.cdx.json')), /no bill of materials/],
  [
    'a second compiled radio',
    (dir) => writeFile(join(dir, 'resources/app.asar.unpacked/node_modules/other.node'), ''),
    /wants one file/,
  ],
  [
    'a fuse that was set back',
    (_dir, program) => flipFuses(program, { ...fuses, 0: true }),
    /fuse 0 is not as decided/,
  ],
];

it.for(faults)(
  'a folder with %s is told of, whatever it is packed for',
  { timeout: withinMs },
  async ([_what, spoil, said], { packed, newFolder }) => {
    for (const platform of ['linux', 'win32'] as const) {
      const dir = join(await newFolder(), 'spoilt');
      await cp(packed[platform], dir, { recursive: true });
      expect(await contentsProblems(dir, platform, `${dir}-before`)).toEqual([]);
      await spoil(dir, join(dir, platform === 'linux' ? 'latchpoint' : 'Latchpoint.exe'));
      expect((await contentsProblems(dir, platform, `${dir}-after`)).join('\n')).toMatch(said);
    }
  },
);

it(
  'a package whose archive is another than its program knows is not handed out',
  async ({ folder, missing, packedFor, make }) => {
    if (missing.length > 0) return;
    const dir = join(folder, 'other-archive');
    await cp(packedFor('msi'), dir, { recursive: true });
    const archive = join(dir, 'resources/app.asar');
    const bytes = await readFile(archive);
    const place = bytes.indexOf('"hash":"') + '"hash":"'.length;
    bytes.write(bytes.toString('latin1', place, place + 1) === '0' ? '1' : '0', place, 'latin1');
    await writeFile(archive, bytes);
    await expect(make('msi', { packed: dir })).rejects.toThrow('does not hold the hash of app.asar');
  },
  withinMs,
);

it(
  'the Debian package lets nobody but root write, and refuses to go back before it changes anything',
  async ({ folder, missing, packedFor, make }) => {
    if (missing.length > 0) return;
    const dir = join(folder, 'open');
    await cp(packedFor('deb'), dir, { recursive: true });
    chmodSync(join(dir, 'resources/app.asar'), 0o666);
    const file = await make('deb', { packed: dir });
    const list = runTool('dpkg-deb', ['--contents', file]);
    expect(list).toMatch(/^-rw-r--r-- root\/root .*app\.asar$/m);
    expect(list).toMatch(/^-rwxr-xr-x root\/root .*\/opt\/Latchpoint\/latchpoint$/m);

    const control = join(folder, 'control');
    runTool('dpkg-deb', ['--control', file, control]);
    const preinst = (...args: string[]) =>
      spawnSync('sh', [join(control, 'preinst'), ...args], { encoding: 'utf8' });
    expect(preinst('install').status).toBe(0);
    expect(preinst('upgrade', '1.2.2').status).toBe(0);
    expect(preinst('upgrade', '1.2.3').status).toBe(0);
    expect(preinst('upgrade', '1.3.0')).toMatchObject({ status: 1 });
    expect(preinst('upgrade', '1.3.0').stderr).toContain('version 1.3.0 is installed');
  },
  withinMs,
);

it.for([false, true])(
  'the account has its home after an installation (account there before: %s)',
  async (before, { called }) => {
    const calls = await called('postinst', ['configure'], before);
    expect(calls).toContain('install -d -o latchpoint -g latchpoint -m 0700 /var/lib/latchpoint');
    expect(calls.some((call) => call.startsWith('adduser'))).toBe(!before);
    expect(await called('postinst', ['triggered'], before)).toEqual(['']);
  },
);

it(
  'each Windows package asks for the other one, and both keep the folder that was chosen',
  async ({ missing, make }) => {
    if (missing.length > 0) return;
    const file = await make('msi');
    const read = (table: string): string => runTool('msiinfo', ['export', file, table]).replaceAll('\r', '');
    expect(read('LaunchCondition')).toMatch(/^Installed OR NOT SETUPEXE\t.*Remove that first/m);
    expect(read('Registry')).toContain('\tSoftware\\Latchpoint\tInstallDir\t[INSTALLDIR]\t');
    expect(read('AppSearch')).toMatch(/^INSTALLDIR\t/m);
    const script = await readFile(join(root, 'build/packaging/latchpoint.nsi'), 'utf8');
    expect(script).toMatch(/^InstallDir ""$/m);
    expect(script).toMatch(/^ {2}ReadRegStr \$Installed HKLM .* "InstallLocation"$/m);
  },
  withinMs,
);

it(
  'the Windows Installer knows its versions as one product, and each as itself',
  async ({ missing, make }) => {
    if (missing.length > 0) return;
    const property = async (version: string, name: string): Promise<string> => {
      const table = runTool('msiinfo', ['export', await make('msi', { version }), 'Property']);
      return new RegExp(`^${name}\\t(.*?)\\r?$`, 'm').exec(table)?.[1] ?? '';
    };
    expect(await property('1.2.3', 'UpgradeCode')).toBe(await property('1.2.4', 'UpgradeCode'));
    expect(await property('1.2.3', 'ProductCode')).not.toBe(await property('1.2.4', 'ProductCode'));
  },
  withinMs,
);

it(
  'what is signed for Windows is all of it, by the certificate that was named',
  async ({ folder, missing, packedFor, make, makeSigner }) => {
    if (missing.length > 0) return;
    const signing = await makeSigner('publisher');
    const other = await makeSigner('somebody-else');
    const dir = join(folder, 'signed');
    await cp(packedFor('msi'), dir, { recursive: true });
    await expect(make('nsis', { packed: dir, signing })).rejects.toThrow('Latchpoint.exe is not signed');
    await expect(make('msi', { packed: dir, signing })).rejects.toThrow('Latchpoint.exe is not signed');
    const others = join(folder, 'signed-by-another');
    await cp(dir, others, { recursive: true });
    signFolder(others, other);
    await expect(make('msi', { packed: others, signing })).rejects.toThrow('Latchpoint.exe does not hold');
    signFolder(dir, signing);
    // Quick to make: what is done with the file afterwards is the same for both.
    const idle = { program: 'true', chain: signing.chain };
    await expect(make('msi', { packed: dir, signing: idle })).rejects.toThrow('is not signed');
    const failing = { program: 'false', chain: signing.chain };
    await expect(make('msi', { packed: dir, signing: failing })).rejects.toThrow('has not signed');
    for (const name of ['nsis', 'msi'] as const) {
      const file = await make(name, { packed: dir, signing });
      expect(signatureProblems(file, signing)).toEqual([]);
      expect(signatureProblems(file, other).join()).toContain('the signature of');
      const bytes = await readFile(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(file, bytes);
      expect(signatureProblems(file, signing).join()).toContain('does not hold');
    }
  },
  withinMs,
);
