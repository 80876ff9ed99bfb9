/** The built desktop host, whole, on a double of Electron that allows by itself what Electron allows: what is refused, it refuses. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { buildHost, runHost } from '#support/electron/run-host.ts';
import { fileFolderTest } from '#support/folder-test.ts';

const buildWithinMs = 180_000;
const page = { origin: 'app://kiosk', parent: null };

const it = fileFolderTest.extend('host', { scope: 'file' }, async ({ folder }, { onCleanup }) => {
  const built = join(folder, 'built');
  await buildHost(built);
  const host = await runHost({ built, profile: join(folder, 'profile') });
  onCleanup(async () => {
    host.kill('SIGKILL');
    await host.ended;
  });
  await host.until('kiosk ready');
  await host.loaded();
  return host;
});
it.beforeAll(({ host: _host }) => undefined, buildWithinMs);

it.for([
  ['of another origin', { origin: 'https://evil.example', parent: null }, false],
  ['of another host of the scheme', { origin: 'app://other', parent: null }, false],
  ['without an origin', { origin: 'null', parent: null }, false],
  ['inside the page', { origin: 'app://kiosk', parent: page }, false],
  ['that has gone', null, false],
  ['in another window', page, true],
] as const)('a frame %s gets nothing', async ([_what, frame, elsewhere], { host }) => {
  const answer = await host.act('send', { channel: 'call:touch', input: null, frame, elsewhere });
  expect(answer).toMatchObject({ ok: false, error: { code: 'ipc.forbidden' } });
});

it('the page itself is answered, on the channels of the contract and no other', async ({ host }) => {
  expect(await host.act('send', { channel: 'call:touch', input: null, frame: page })).toMatchObject({
    ok: true,
  });
  const unknown = host.act('send', { channel: 'call:eval', input: '1', frame: page });
  await expect(unknown).rejects.toThrow('No handler registered');
});

it.for(['will-frame-navigate', 'will-redirect'] as const)(
  '%s leads to the kiosk’s own page alone',
  async (how, { host }) => {
    expect(await host.act('goTo', { how, url: 'app://kiosk/' })).toBe(true);
    for (const url of [
      'https://evil.example/',
      'app://other/',
      'app://kiosk.evil.example/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      'about:blank',
      'blob:app://kiosk/1',
      'not a url',
    ]) {
      expect(await host.act('goTo', { how, url }), url).toBe(false);
    }
  },
);

it('no window, webview, sign-in prompt, device chooser or certificate of the machine is had', async ({
  host,
}) => {
  expect(await host.act('open', { url: 'https://evil.example' })).toBe('deny');
  expect(await host.act('open', { url: 'app://kiosk/' })).toBe('deny');
  expect(await host.act('attach', { what: 'will-attach-webview' })).toBe(false);
  expect(await host.act('attach', { what: 'login' })).toBe(false);
  expect(await host.act('chooseBluetooth')).toBe(false);
  expect(await host.act('certificate')).toBe('none');
});

it.for([undefined, 'core'])(
  'no permission is given, asked for or looked up, in the session %s',
  async (partition, { host }) => {
    for (const permission of ['media', 'bluetooth', 'hid', 'fullscreen', 'clipboard-read', 'not known yet']) {
      const input = partition === undefined ? { permission } : { permission, partition };
      expect(await host.act('ask', input), permission).toEqual({
        requested: false,
        checked: false,
        device: false,
        screen: null,
        pairing: { confirmed: false },
      });
    }
    expect(await host.act('state')).toMatchObject({ spellChecks: false });
  },
);

it('no download but a copy of the journal is taken, and that one without a question', async ({
  folder,
  host,
}) => {
  const journal = 'latchpoint-journal-2026-03-04-091500.csv';
  expect(await host.act('download', { url: 'blob:app://kiosk/1', name: journal })).toBe(
    join(folder, 'profile/downloads', journal),
  );
  expect(await host.act('download', { url: 'https://evil.example/', name: journal })).toBe('cancelled');
  expect(await host.act('download', { url: 'blob:app://kiosk/1', name: 'evil.sh' })).toBe('cancelled');
});

it('no key that reloads, zooms, inspects, prints, closes or goes back reaches the page', async ({ host }) => {
  const press = (key: string, held: { control?: boolean; alt?: boolean; meta?: boolean } = {}) =>
    host.act('press', { key, control: false, alt: false, meta: false, shift: false, ...held });
  for (const key of ['F5', 'F11', 'F12', 'BrowserBack']) expect(await press(key), key).toBe(false);
  for (const key of ['r', 'w', 'p', '+', '-', '0', 'I']) {
    expect(await press(key, { control: true }), key).toBe(false);
  }
  expect(await press('F4', { alt: true })).toBe(false);
  expect(await press('7')).toBe(true);
  expect((await host.act('state')).window).toMatchObject({ zoomLimits: [1, 1], menuShortcutsIgnored: true });
});

it('the scheme serves the built page under its policy, by GET, and nothing beside it', async ({ host }) => {
  const answer = await host.act('get', { url: 'app://kiosk/' });
  expect(answer?.status).toBe(200);
  expect(answer?.headers['content-security-policy']).toMatch(
    /default-src 'none'.*require-trusted-types-for 'script'/,
  );
  const status = async (url: string, method = 'GET') => (await host.act('get', { url, method }))?.status;
  expect(await status('app://kiosk/../../package.json')).toBe(404);
  expect(await status('app://kiosk/%2e%2e/main/main.js')).toBe(404);
  expect(await status('app://other/')).toBe(403);
  expect(await status('app://kiosk/', 'POST')).toBe(403);
  expect(await host.act('get', { url: 'file:///etc/passwd' })).toBeNull();
});

it('the page has no Node, its own world and a sandbox', async ({ host }) => {
  expect((await host.act('state')).preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
  });
});
