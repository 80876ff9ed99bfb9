/** What `npm run pack` ships, checked on a stand-in for Electron's binary: what is in it, what is not, and its fuses. */
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { fileFolderTest } from '#support/folder-test.ts';
import { insistOnNativeFile } from '../../build/packaging/native-files.ts';
import { packApp } from '../../build/packaging/pack-app.ts';
import { unbundledPackages, writeKioskSbom } from '../../build/packaging/write-sbom.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const withinMs = 180_000;

const it = fileFolderTest
  .extend('packed', { scope: 'file' }, async ({ folder }) => {
    for (const target of ['main', 'preload', 'radio']) {
      const args = ['node_modules/vite/bin/vite.js', 'build', '--mode', target, '--logLevel', 'warn'];
      await run(process.execPath, args, { cwd: root });
    }
    // Elsewhere: other tests may be serving the page that is there.
    const page = [
      '--mode',
      'renderer',
      '--logLevel',
      'warn',
      '--outDir',
      join(folder, 'page'),
      '--emptyOutDir',
    ];
    await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', ...page], { cwd: root });
    await mkdir(join(root, 'dist/renderer'), { recursive: true });
    await writeKioskSbom(root, join(root, 'dist/sbom.cdx.json'));
    return packApp({ electronDist: null, output: join(folder, 'out') });
  })
  .extend('archive', { scope: 'file' }, ({ packed }) => join(packed.dir, 'resources/app.asar'))
  .extend('names', { scope: 'file' }, ({ archive }): readonly string[] =>
    listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/')),
  )
  .extend('app', { scope: 'file' }, ({ folder, archive }) => {
    const app = join(folder, 'app');
    extractAll(archive, app);
    return app;
  });
it.beforeAll(({ names: _names, app: _app }) => undefined, withinMs);

it('ships the programs, and of node_modules nothing but noble and what it loads', ({ names }) => {
  for (const name of ['/dist/main/main.js', '/dist/main/radio-process.js', '/dist/preload/preload.cjs']) {
    expect(names).toContain(name);
  }
  const packages = new Set(
    names.flatMap((name) => /^\/node_modules\/((?:@[^/]+\/)?[^/@]+)$/.exec(name)?.[1] ?? []),
  );
  packages.delete('@abandonware');
  expect([...packages].sort()).toEqual(unbundledPackages);
});

it('ships every file that noble asks for, but drivers of its socket that nothing loads', async ({
  names,
  app,
}) => {
  const missing: string[] = [];
  for (const name of names.filter((each) => /^\/node_modules\/.*\.js$/.test(each))) {
    const file = join(app, name);
    const required = [...(await readFile(file, 'utf8')).matchAll(/require\s*\((['"`])(\.[^'"`]*)\1\)/g)];
    for (const [, , path = ''] of required) {
      try {
        createRequire(file).resolve(path);
      } catch {
        missing.push(`${name}: ${path}`);
      }
    }
  }
  expect(missing.sort()).toEqual([
    '/node_modules/@abandonware/bluetooth-hci-socket/index.js: ./lib/uart.js',
    '/node_modules/@abandonware/bluetooth-hci-socket/index.js: ./lib/unsupported.js',
    '/node_modules/@abandonware/bluetooth-hci-socket/index.js: ./lib/usb.js',
  ]);
});

it('ships the one compiled file that the radio loads, and the radio loads it', async ({ packed, app }) => {
  const unpacked = join(packed.dir, 'resources/app.asar.unpacked');
  const compiled = (await readdir(unpacked, { recursive: true })).filter((name) => name.endsWith('.node'));
  expect(compiled).toHaveLength(1);
  const native = join(app, 'node_modules/@abandonware/bluetooth-hci-socket/lib/native.js');
  const load = `const Socket = require(${JSON.stringify(native)}); console.log(typeof Socket.prototype.bindRaw)`;
  const { stdout } = await run(process.execPath, ['-e', load]);
  expect(stdout.trim()).toBe('function');
});

it('a build without its compiled file, with another one, or for a system that has none, fails', async ({
  folder,
}) => {
  const out = join(folder, 'without');
  const modules = join(out, 'resources/app.asar.unpacked/node_modules');
  const put = async (path: string): Promise<void> => {
    await mkdir(join(modules, dirname(path)), { recursive: true });
    await writeFile(join(modules, path), '');
  };
  expect(() => insistOnNativeFile(out, 'linux-x64')).toThrow('has: none');
  await put('@stoprocent/noble/prebuilds/win32-x64/node.napi.node');
  expect(() => insistOnNativeFile(out, 'linux-x64')).toThrow('has: @stoprocent/noble/prebuilds/win32-x64');
  expect(() => insistOnNativeFile(out, 'win32-x64')).not.toThrow();
  await put('@abandonware/bluetooth-hci-socket/prebuilds/linux-x64/socket.glibc.node');
  expect(() => insistOnNativeFile(out, 'win32-x64')).toThrow('wants one file');
  expect(() => insistOnNativeFile(out, 'linux-armv7l')).toThrow('no radio for linux-armv7l');
});

it('what a Windows build takes is there to be taken', () => {
  const folder = join(root, 'node_modules/@stoprocent/noble/prebuilds/win32-x64');
  expect(existsSync(join(folder, 'node.napi.node'))).toBe(true);
});

it('ships no source, test, map, configuration or key', ({ names }) => {
  const unwanted =
    /\.(ts|svelte|map|test\.js|yml|env|pem|key|h|mm|cc)$|\/(test|tests|examples|build\/scripts)\//;
  expect(names.filter((name) => unwanted.test(name))).toEqual([]);
  const top = new Set(names.map((name) => name.split('/')[1]));
  expect([...top].sort()).toEqual(['dist', 'node_modules', 'package.json']);
});

it('ships no private key and nothing of the simulated store', async ({ app }) => {
  for (const file of await readdir(join(app, 'dist'), { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    expect(text, file.name).not.toMatch(/-----BEGIN (EC |RSA )?PRIVATE KEY-----[\r\n]+[A-Za-z0-9+/=]{16}/);
    expect(text, file.name).not.toContain('simulated-store');
  }
});

it('has every fuse set as decided', async ({ packed }) => {
  const wire = await getCurrentFuseWire(packed.executable);
  const { ENABLE, DISABLE } = FuseState;
  expect(wire).toMatchObject({
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: DISABLE,
    [FuseV1Options.EnableCookieEncryption]: ENABLE,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
    [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
    [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: DISABLE,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: DISABLE,
    [FuseV1Options.WasmTrapHandlers]: ENABLE,
  });
});

it('leaves out the default app and the languages that are not used', ({ packed }) => {
  expect(existsSync(join(packed.dir, 'resources/default_app.asar'))).toBe(false);
  expect(existsSync(join(packed.dir, 'locales/en-US.pak'))).toBe(true);
  expect(existsSync(join(packed.dir, 'locales/de.pak'))).toBe(false);
  expect(existsSync(join(packed.dir, 'resources/sbom.cdx.json'))).toBe(true);
});

it('has a preload script that asks for nothing but Electron', async ({ app }) => {
  const preload = await readFile(join(app, 'dist/preload/preload.cjs'), 'utf8');
  const required = [...preload.matchAll(/require\((["'`])(.*?)\1\)/g)].map(([, , name]) => name);
  expect(required).toEqual(['electron']);
  expect(preload.length).toBeLessThan(8_000);
});

it('has a radio process that finds noble beside itself', async ({ app }) => {
  const radio = fork(join(app, 'dist/main/radio-process.js'), [], {
    cwd: app,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  radio.send({ type: 'start', config: { h4: '127.0.0.1:9' } });
  const messages: unknown[] = [];
  await new Promise<void>((resolve) => {
    radio.on('message', (message) => {
      if (messages.push(message) === 2) resolve();
    });
  });
  radio.disconnect();
  const [code] = (await once(radio, 'exit')) as unknown[];
  expect(messages[0]).toEqual({ type: 'hello' });
  expect(messages[1]).not.toMatchObject({ type: 'log', level: 'error' });
  expect(code).toBe(0);
});
