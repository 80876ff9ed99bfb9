/** The built desktop host, whole, on a double of Electron: how it starts, keeps its screen, recovers and ends. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { callNames, streamNames } from '#shared/ipc/contract.ts';
import { buildHost, runHost, type RunHostOptions, type RunningHost } from '#support/electron/run-host.ts';
import { fileFolderTest } from '#support/folder-test.ts';

const buildWithinMs = 180_000;

const it = fileFolderTest
  .extend('built', { scope: 'file' }, async ({ folder }) => {
    const built = join(folder, 'built');
    await buildHost(built);
    return built;
  })
  .extend(
    'newProfile',
    ({ folder }) =>
      () =>
        mkdtemp(join(folder, 'profile-')),
  )
  .extend('newPassphrase', ({ folder }) => async (): Promise<string> => {
    const path = join(await mkdtemp(join(folder, 'passphrase-')), 'passphrase');
    await writeFile(path, 'only for this test, long enough', { mode: 0o600 });
    return path;
  })
  .extend('begin', ({ built }, { onCleanup }) => {
    const running: RunningHost[] = [];
    onCleanup(async () => {
      for (const host of running) {
        host.kill('SIGKILL');
        await host.ended;
      }
    });
    return async (profile: string, options: Partial<RunHostOptions> = {}): Promise<RunningHost> => {
      const host = await runHost({ built, profile, ...options });
      running.push(host);
      return host;
    };
  })
  .extend(
    'start',
    ({ begin, newProfile }) =>
      async (profile?: string, options: Partial<RunHostOptions> = {}): Promise<RunningHost> => {
        const host = await begin(profile ?? (await newProfile()), options);
        await host.until('kiosk ready');
        await host.loaded();
        return host;
      },
  );
it.beforeAll(({ built: _built }) => undefined, buildWithinMs);

const windowOf = async (host: RunningHost) => {
  const { window } = await host.act('state');
  if (!window) throw new Error('there is no window');
  return window;
};

describe('a start', () => {
  it('goes in the order that Electron asks for, and ends with one window over the whole screen', async ({
    folder,
    start,
  }) => {
    const alive = join(folder, 'alive');
    await writeFile(alive, '');
    await utimes(alive, 1, 1);
    const host = await start(undefined, { env: { KIOSK_ALIVE_FILE: alive } });
    // Whoever has started it sees that it lives.
    expect((await stat(alive)).mtimeMs).toBeGreaterThan(1000);
    const state = await host.act('state');
    expect(state.journal).toEqual([
      'app.enableSandbox',
      'protocol.registerSchemesAsPrivileged',
      'ready',
      'menu none',
    ]);
    expect(state).toMatchObject({ windows: 1, sandboxed: true, blockers: ['prevent-display-sleep'] });
    expect(state.privileges).toEqual({
      standard: true,
      secure: true,
      supportFetchAPI: true,
      codeCache: true,
    });
    expect(state.window).toMatchObject({
      bounds: { x: 0, y: 0, width: 1280, height: 800 },
      kiosk: true,
      onTop: 'screen-saver',
      visible: true,
      url: 'app://kiosk/',
    });
  });

  it('gives the page the contract through the built preload script, and the page is answered', async ({
    start,
  }) => {
    const host = await start();
    expect(await host.act('apiOfPage')).toEqual({
      exposed: ['latchpoint'],
      calls: callNames,
      streams: streamNames,
    });
    expect(await host.act('call', { name: 'touch', input: null })).toEqual({ ok: true, value: null });
    expect(await host.act('snapshot')).toMatchObject({ snapshot: { phase: 'unregistered' } });
  });

  it('shows the page while the kiosk is made, and has started well once the page lives with the kiosk behind it', async ({
    folder,
    newProfile,
    newPassphrase,
    begin,
  }) => {
    const dataDir = await mkdtemp(join(folder, 'data-'));
    const keys = join(dataDir, 'vault/keys.wrapped');
    await mkdir(dirname(keys), { mode: 0o700 });
    // Nobody reads on before the test has written: the kiosk is being made until then.
    execFileSync('mkfifo', ['-m', '600', keys]);
    const host = await begin(await newProfile(), {
      config: { dataDir, passphraseFile: await newPassphrase() },
    });
    await host.loaded();
    const pipe = await open(keys, 'w');
    await host.act('beat');
    const log = await host.log();
    expect(log).toContain('configuration read');
    expect(log).not.toContain('kiosk ready');
    await rm(keys);
    await pipe.close();
    await host.until('kiosk ready');
    await host.act('beat');
    await host.until('started well');
    const events = (await host.log()).match(/"event":"(?:kiosk ready|started well)"/g);
    expect(events).toEqual(['"event":"kiosk ready"', '"event":"started well"']);
    expect(await host.act('snapshot')).toMatchObject({ snapshot: { phase: 'unregistered' } });
  });

  it('of a kiosk whose data another one has ends with 1, its page or not, and touches nothing', async ({
    folder,
    newProfile,
    newPassphrase,
    begin,
    start,
  }) => {
    const dataDir = await mkdtemp(join(folder, 'data-'));
    const config = { dataDir, passphraseFile: await newPassphrase() };
    const first = await start(undefined, { config });
    const second = await begin(await newProfile(), { config });
    expect(await second.ended).toBe(1);
    expect(await second.log()).toContain('storage.in_use');
    expect(await second.log()).not.toContain('kiosk ready');
    expect(await first.act('snapshot')).toMatchObject({ snapshot: { phase: 'unregistered' } });
  });

  it('of a second kiosk brings the first one forward and ends with 0', async ({
    newProfile,
    begin,
    start,
  }) => {
    const profile = await newProfile();
    const first = await start(profile);
    const before = await windowOf(first);
    const second = await begin(profile);
    expect(await second.ended).toBe(0);
    await expect
      .poll(() => windowOf(first).then(({ focused }) => focused), { timeout: 20_000 })
      .toBe(before.focused + 1);
  });

  it('after a kill takes over what the dead process has left', async ({ newProfile, start }) => {
    const profile = await newProfile();
    const first = await start(profile);
    first.kill('SIGKILL');
    await first.ended;
    await start(profile);
  });

  it.for([
    ['broken', { backendUrl: 'http://not-loopback.example' }, 78],
    ['of nobody', { backendUrl: 'https://x.example', unheardOf: 1 }, 78],
  ] as const)(
    'with a configuration that is %s shows nothing and ends with %s',
    async ([_what, config, code], { newProfile, begin }) => {
      const host = await begin(await newProfile(), { config });
      expect(await host.ended).toBe(code);
      expect(await host.log()).toContain('config.invalid');
      expect(await host.log()).not.toContain('kiosk ready');
    },
  );

  it('of an installed build takes no setting from the environment', async ({ newProfile, begin }) => {
    const host = await begin(await newProfile(), { isPackaged: true });
    expect(await host.ended).toBe(78);
    expect(await host.log()).not.toContain('environment');
  });

  it('without a secret store worth the name keeps no keys and says so', async ({ start }) => {
    const input = { code: 'AAAA-BBBB-CCCC-DDDD', name: 'Kiosk 1' };
    const codeAt = async (secretStore: 'basic_text' | 'gnome_libsecret'): Promise<unknown> => {
      const host = await start(undefined, { secretStore });
      const answer = await host.act('call', { name: 'registerKiosk', input });
      return answer.ok ? null : answer.error.code;
    };
    expect(await codeAt('basic_text')).toBe('vault.no_secret_store');
    expect(await codeAt('gnome_libsecret')).toBe('sync.unreachable');
  });
});

describe('the window', () => {
  it('does not close for anybody, and covers the screen again after whatever moved it', async ({ start }) => {
    const host = await start();
    expect(await host.act('close')).toBe(false);
    await host.act('leaveFullScreen');
    expect(await windowOf(host)).toMatchObject({ kiosk: true });
    await host.act('resize', { width: 1920, height: 1080 });
    expect(await windowOf(host)).toMatchObject({ bounds: { width: 1920, height: 1080 } });
    const { focused } = await windowOf(host);
    await host.act('plug');
    for (const event of ['suspend', 'resume', 'lock-screen', 'unlock-screen'] as const) {
      await host.act('power', { event });
    }
    expect(await windowOf(host)).toMatchObject({
      bounds: { x: 0, y: 0, width: 1920, height: 1080 },
      focused: focused + 3,
    });
  });

  it('takes no focus from who types while a touch keyboard docks and takes room off the work area', async ({
    start,
  }) => {
    const host = await start();
    const before = await windowOf(host);
    await host.act('dockKeyboard', { height: 300 });
    expect(await windowOf(host)).toEqual(before);
  });
});

describe('a page', () => {
  it('that crashes is loaded again, five times; then the kiosk ends with 10, and with 11 where that has not helped', async ({
    newProfile,
    start,
  }) => {
    const profile = await newProfile();
    for (const code of [10, 11]) {
      const host = await start(profile);
      for (let losses = 1; losses <= 5; losses += 1) {
        await host.act('crash', { reason: 'oom' });
        const loads = losses + 1;
        const { poll } = expect;
        await poll(() => windowOf(host).then((window) => window.loads), { timeout: 20_000 }).toBe(loads);
      }
      await host.act('crash', { reason: 'oom' }).catch(() => undefined);
      expect(await host.ended).toBe(code);
    }
  }, 120_000);

  it('that hangs for ten seconds is ended and loaded again', async ({ start }) => {
    const host = await start();
    await host.act('hang');
    await expect.poll(() => windowOf(host).then(({ loads }) => loads), { timeout: 30_000 }).toBe(2);
    expect(await host.log()).toMatch(/"page ended","why":"unresponsive"/);
  }, 60_000);
});

describe('an end', () => {
  it.for(['SIGTERM', 'quit'] as const)('by %s is orderly, and its code is 0', async (how, { start }) => {
    const host = await start();
    if (how === 'quit') void host.act('quit').catch(() => undefined);
    else host.kill(how);
    expect(await host.ended).toBe(0);
    expect(await host.log()).toMatch(/"kiosk stopping","code":0/);
  });

  it('that nobody foresaw is told by its class, never by its words, and its code is 1', async ({ start }) => {
    const host = await start();
    await host.act('reject').catch(() => undefined);
    expect(await host.ended).toBe(1);
    expect(await host.log()).toContain('kiosk crashed');
    expect(await host.log()).not.toContain('nobody foresaw this');
  });

  it('leaves no lock behind', async ({ newProfile, start }) => {
    const profile = await newProfile();
    const host = await start(profile);
    host.kill('SIGTERM');
    await host.ended;
    await expect(readFile(join(profile, 'SingletonLock'))).rejects.toThrow('ENOENT');
  });
});
