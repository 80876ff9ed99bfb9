/** `npm run audit:desktop`: what holds is found to hold, and in a copy that is broken everywhere each check finds its own fault. */
import { flipFuses } from '@electron/fuses';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { buildHost } from '#support/electron/run-host.ts';
import { fileFolderTest } from '#support/folder-test.ts';
import { fuses } from '../../build/packaging/fuses.ts';
import { makeStandIn } from '../../build/packaging/stand-in.ts';
import { readVersions, startHost } from '../audit/prepare.ts';
import { runAudit, type Result } from '../audit/run-audit.ts';
import type { Subject } from '../audit/subject.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const withinMs = 240_000;
/** In each program: what is replaced, by what. */
type Faults = Readonly<Record<string, readonly (readonly [string | RegExp, string])[]>>;
const faults: Faults = {
  'main/main.js': [
    ['secure:!0', 'secure:!1'],
    ['nodeIntegration:!1', 'nodeIntegration:!0'],
    ['contextIsolation:!0', 'contextIsolation:!1'],
    ['sandbox:!0', 'sandbox:!1'],
    [/(setPermissionRequestHandler\(\(\w+,\w+,(\w+)\)=>\2)\(!1\)/, '$1(!0)'],
    ['webSecurity:!0', 'webSecurity:!1'],
    ["`require-trusted-types-for 'script'`,", ''],
    ['allowRunningInsecureContent:!1', 'allowRunningInsecureContent:!0'],
    ['experimentalFeatures:!1', 'experimentalFeatures:!0,enableBlinkFeatures:`x`'],
    ['webviewTag:!1', 'webviewTag:!0'],
    ['`will-attach-webview`', '`select-bluetooth-device`'],
    ['`will-redirect`', '`select-bluetooth-device`'],
    ['action:`deny`', 'action:`allow`'],
    [/(senderFrame:(\w+)\}\)=>.{0,60}?)\2\.parent===null/, '$1$2.parent!==1'],
    [/$/, ';globalThis.never=e=>e.loadFile("index.html")'],
  ],
  'main/radio-process.js': [[/$/, ';globalThis.never=e=>e.openExternal("https://evil.example")']],
  'preload/preload.cjs': [
    [/$/, ';{let e=require("electron");e.contextBridge.exposeInMainWorld("ipc",e.ipcRenderer)}'],
  ],
};

/** Where a check looks at more than one thing: the others. A program or file that is not there yet is a new one. */
const otherFaults: Faults = {
  'main/main.js': [
    ['privileges:{standard:!0', 'privileges:{bypassCSP:!0,standard:!1'],
    ['nodeIntegrationInWorker:!1', 'nodeIntegrationInWorker:!0'],
    ['contextIsolation:!0,', ''],
    ['.enableSandbox()', '.getVersion()'],
    ['setPermissionCheckHandler(()=>!1)', 'setPermissionCheckHandler(()=>!0)'],
    ['setDevicePermissionHandler(()=>!1)', 'setDevicePermissionHandler(()=>!0)'],
    [/(setDisplayMediaRequestHandler\(\(\w+,(\w+)\)=>\2)\(null\)/, '$1({})'],
    ['confirmed:!1', 'confirmed:!0'],
    ['webSecurity:!0,', ''],
    ["`script-src 'self'`", "`script-src 'self' 'unsafe-inline'`"],
    ['allowRunningInsecureContent:!1,', ''],
    ['experimentalFeatures:!1,', ''],
    ['`will-frame-navigate`', '`select-bluetooth-device`'],
    [/(\w+)\.handle\(`app`,/, '$1.handle(`file`,()=>new Response),$1.handle(`app`,'],
    [/(senderFrame:\w+\}\)=>)\w+\.id===/, '$1!0||'],
    [/$/, ';globalThis.never=e=>e.commandLine.appendSwitch("x")'],
  ],
  'main/late.cjs': [[/$/, 'globalThis.never=e=>e.openPath("/")']],
  'preload/preload.cjs': [['`enrolments`,`health`', '`enrolments`,`health`,`shell`']],
  'renderer/odd.html': [[/$/, '<webview src="x" allowpopups>']],
};

const breakCopy = async (sound: string, built: string, faults: Faults): Promise<void> => {
  await mkdir(built);
  await cp(sound, built, { recursive: true, verbatimSymlinks: true });
  for (const [name, changes] of Object.entries(faults)) {
    const file = join(built, 'dist', name);
    let text = existsSync(file) ? await readFile(file, 'utf8') : '';
    for (const [from, to] of changes) {
      const changed = text.replace(from, to);
      expect(changed, `${name}: ${String(from)}`).not.toBe(text);
      text = changed;
    }
    await writeFile(file, text);
  }
};

const auditIn =
  (work: string) =>
  async (subject: Omit<Subject, 'host' | 'isStandIn'>): Promise<readonly Result[]> => {
    const host = await startHost(subject.built, join(work, `${Math.random()}`));
    const results = await runAudit({ ...subject, host, isStandIn: true });
    host.kill('SIGKILL');
    await host.ended;
    return results;
  };

const it = fileFolderTest
  .extend('audits', { scope: 'file' }, async ({ folder }) => {
    const audit = auditIn(folder);
    const built = join(folder, 'built');
    await buildHost(built);
    const electron = join(folder, 'electron');
    await makeStandIn(electron, '45.4.1');
    const executable = join(electron, 'electron');
    await flipFuses(executable, fuses);
    const sound = await audit({ built, executable, versions: await readVersions() });

    const copy = join(folder, 'broken');
    await breakCopy(built, copy, faults);
    const opposite = Object.fromEntries(
      Object.entries(fuses).map(([name, value]) => [name, /^\d+$/.test(name) ? !value : value]),
    );
    const wrong = join(folder, 'wrong-fuses');
    await cp(executable, wrong);
    await flipFuses(wrong, opposite as unknown as typeof fuses);
    const bytes = await readFile(wrong);
    const wire =
      bytes.indexOf('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX') + 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'.length;
    bytes.write('r', wire + 2 + 8, 'latin1');
    await writeFile(wrong, bytes);
    const versions = { 'package.json': '^45.4.1', 'electron-builder.yml': '45.0.0', installed: '45.4.1' };
    const broken = await audit({ built: copy, executable: wrong, versions });

    const other = join(folder, 'broken otherwise');
    await breakCopy(built, other, otherFaults);
    const brokenOtherwise = await audit({
      built: other,
      executable,
      versions: { ...(await readVersions()), 'electron-builder.yml': 'nothing' },
    });
    return { sound, broken, brokenOtherwise };
  })
  .extend('sound', ({ audits }) => audits.sound)
  .extend('broken', ({ audits }) => audits.broken)
  .extend('brokenOtherwise', ({ audits }) => audits.brokenOtherwise);
it.beforeAll(({ audits: _audits }) => undefined, withinMs);

it('the product as it is built passes all 20 items and all nine fuses', ({ sound }) => {
  expect(sound.filter(({ ok }) => !ok)).toEqual([]);
  expect(sound.map(({ kind, number }) => `${kind} ${number}`)).toEqual([
    ...Array.from({ length: 20 }, (_, index) => `checklist ${index + 1}`),
    ...Array.from({ length: 9 }, (_, index) => `fuse ${index + 1}`),
  ]);
});

it('in a copy with a fault for each item, each check says its own', ({ broken }) => {
  const seen = broken.filter(({ kind }) => kind === 'checklist').map(({ ok, seen: words }) => [ok, words]);
  expect(seen).toEqual([
    [false, 'the scheme is not secure'],
    [false, 'nodeIntegration is true'],
    [false, 'contextIsolation is false'],
    [false, 'sandbox is false'],
    [false, expect.stringContaining('media in the session of the page: asked for;') as unknown],
    [false, 'webSecurity is false'],
    [false, expect.stringContaining("app://kiosk/ lacks require-trusted-types-for 'script'") as unknown],
    [false, 'allowRunningInsecureContent is true'],
    [false, 'experimentalFeatures is true'],
    [false, 'enableBlinkFeatures'],
    [false, 'webviewTag is true'],
    [false, 'one was made'],
    [false, expect.stringContaining('will-redirect to https://evil.example/') as unknown],
    [false, expect.stringContaining('https://evil.example/ opens') as unknown],
    [false, 'main/radio-process.js has openExternal'],
    [false, expect.stringContaining('package.json says ^45.4.1') as unknown],
    [false, 'a frame inside the page is heard'],
    [false, 'main/main.js has .loadFile('],
    [false, 'fuse 8 is not decided'],
    [false, 'window.ipc'],
  ]);
});

it('where a check looks at more than one thing, it says the others, too', ({ brokenOtherwise }) => {
  const seen = brokenOtherwise.filter(({ ok, kind }) => !ok && kind === 'checklist');
  const ofPage = 'media in the session of the page: looked up, a device, a screen, a pairing; ';
  expect(new Map(seen.map(({ number, seen: words }) => [number, words]))).toEqual(
    new Map<number, unknown>([
      [1, 'the scheme is not secure; the scheme passes over the policy'],
      [2, 'nodeIntegrationInWorker is true'],
      [3, 'contextIsolation is undefined'],
      [4, 'app.enableSandbox was not called'],
      [5, expect.stringContaining(ofPage)],
      [6, 'webSecurity is undefined'],
      [7, expect.stringContaining('app://kiosk/ allows more than itself')],
      [8, 'allowRunningInsecureContent is undefined'],
      [9, 'experimentalFeatures is undefined'],
      [10, 'main/main.js has appendSwitch'],
      [11, 'renderer/odd.html has <webview'],
      [13, expect.stringContaining('will-frame-navigate to https://evil.example/')],
      [15, 'main/late.cjs has openPath'],
      [16, expect.stringContaining('electron-builder.yml says nothing')],
      [
        17,
        expect.stringMatching(
          /^another origin is heard; .*; a frame that has gone is heard; another window is heard$/,
        ),
      ],
      [18, 'file:// is served'],
      [20, 'shell'],
    ]),
  );
});

it('each fuse that is set otherwise, or taken away, fails', ({ broken }) => {
  const seen = broken.filter(({ kind }) => kind === 'fuse').map(({ ok, seen: words }) => [ok, words]);
  const on = [false, 'on, and is to be off'];
  const off = [false, 'off, and is to be on'];
  expect(seen).toEqual([on, off, on, on, off, off, on, on, [false, 'removed, and is to be on']]);
});

it('docs/security.md tells every item and fuse, in their order', async ({ sound }) => {
  const text = await readFile(join(root, 'docs/security.md'), 'utf8');
  const firstCells = (heading: string): string[] => {
    const [section = ''] = text.slice(text.indexOf(`## ${heading}\n`) + 3).split('\n## ');
    const rows = section.match(/^\| [^|]+/gm) ?? [];
    return rows.slice(2).map((row) => row.slice(2).trim());
  };
  const told = (kind: Result['kind']): string[] =>
    sound.filter((result) => result.kind === kind).map(({ number, title }) => `${number} ${title}`);
  expect(firstCells("Electron's checklist")).toEqual(told('checklist'));
  expect(firstCells('Fuses')).toEqual(told('fuse'));
});
