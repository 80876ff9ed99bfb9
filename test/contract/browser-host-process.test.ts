/** The browser host as a process: how it starts, what it says, how it ends. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { fileFolderTest } from '#support/folder-test.ts';
import { connectKiosk } from '#support/kiosk-client.ts';

const entry = fileURLToPath(new URL('../../electron/browser-host/main.ts', import.meta.url));
const hour = 3_600_000;

const it = fileFolderTest
  .extend('config', { scope: 'file' }, async ({ folder }) => {
    const passphraseFile = join(folder, 'passphrase');
    await writeFile(passphraseFile, 'only for this test, long enough', { mode: 0o600 });
    return (over: object = {}) => ({
      backendUrl: 'http://127.0.0.1:9',
      dataDir: join(folder, 'data'),
      passphraseFile,
      radio: { h4: '127.0.0.1:9' },
      ...over,
    });
  })
  .extend('start', ({}, { onCleanup }) => {
    const children: ChildProcess[] = [];
    onCleanup(async () => {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    });
    return (env: Record<string, string>, args: string[] = []) => {
      const child = fork(entry, args, {
        env: { ...process.env, PORT: '0', ...env },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      children.push(child);
      let printed = '';
      child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      const read = once(child.stderr ?? child, 'end');
      const exited = Promise.all([once(child, 'exit'), read]).then(([[code]]) => code as number | null);
      const messages: { type: string; url: string }[] = [];
      const heard = (type: string): Promise<string> =>
        new Promise((resolve, reject) => {
          child.on('message', (message: { type: string; url: string }) => {
            messages.push(message);
            if (message.type === type) resolve(message.url);
          });
          void exited.then(() => reject(new Error(`it ended before "${type}": ${printed}`)));
        });
      return { child, exited, heard, messages, printed: () => printed };
    };
  });

describe('that runs', () => {
  it('says where, opens to that address, gives the next one, and stops when asked', async ({
    folder,
    config,
    start,
  }) => {
    const alive = join(folder, 'alive');
    await writeFile(alive, '');
    await utimes(alive, 1, 1);
    const { child, exited, heard, printed } = start({
      LATCHPOINT_CONFIG: JSON.stringify(config()),
      KIOSK_ALIVE_FILE: alive,
    });
    const [url, next] = await Promise.all([
      heard('ready').then(async (address) => {
        const client = await connectKiosk(address);
        await client.until('kiosk', 'a kiosk without a store', ({ phase }) => phase === 'unregistered');
        client.close();
        return address;
      }),
      heard('address'),
    ]);
    expect(new URL(next).origin).toBe(new URL(url).origin);
    expect(next).not.toBe(url);
    // Whoever has started it sees that it lives.
    expect((await stat(alive)).mtimeMs).toBeGreaterThan(1000);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    for (const line of printed().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
    expect(printed()).not.toContain(new URL(url).searchParams.get('token'));
  });

  it('can be opened while it is getting ready, and shows the kiosk once there is one', async ({
    config,
    start,
  }) => {
    const { heard, messages } = start({ LATCHPOINT_CONFIG: JSON.stringify(config()) });
    const [phase, address] = await Promise.all([
      heard('opened').then(async (url) => {
        const client = await connectKiosk(url);
        const shown = await client.until('kiosk', 'a kiosk without a store', () => true);
        client.close();
        return shown.phase;
      }),
      heard('ready'),
    ]);
    expect(phase).toBe('unregistered');
    expect(messages[0]?.type).toBe('opened');
    // The one that was spent is not given out again.
    expect(address).not.toBe(messages[0]?.url);
  });

  it('stops in order when asked while it is getting ready', async ({ config, start }) => {
    const { child, exited, heard } = start({ LATCHPOINT_CONFIG: JSON.stringify(config()) });
    await heard('opened');
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('stops when the process that started it has gone', async ({ config, start }) => {
    const { child, exited, heard } = start({ LATCHPOINT_CONFIG: JSON.stringify(config()) });
    await heard('ready');
    child.disconnect();
    expect(await exited).toBe(0);
  });

  it.for([
    ['lets a simulated store move its clock', '1', true],
    ['lets nobody else move its clock', '0', false],
  ] as const)('%s', async ([_what, simulated, moves], { config, start }) => {
    const { child, exited, heard, printed } = start({
      LATCHPOINT_CONFIG: JSON.stringify(config()),
      LATCHPOINT_SIMULATED: simulated,
    });
    await heard('ready');
    child.send({ type: 'clock-offset', ms: 'soon' });
    child.send({ type: 'clock-offset', ms: 5 * hour });
    // Behind the messages in the same channel, so it is heard after them.
    child.disconnect();
    await exited;
    const last = printed().trim().split('\n').at(-1) ?? '';
    const { time } = JSON.parse(last) as { time: string };
    expect(Date.parse(time) > Date.now() + 4 * hour).toBe(moves);
  });
});

/** Everything below `folder` on which somebody else than its owner may do something. */
const openToOthers = async (folder: string): Promise<string[]> => {
  const names = ['.', ...(await readdir(folder, { recursive: true }))];
  const found = await Promise.all(
    names.map(async (name) => ({ name, mode: (await stat(join(folder, name))).mode & 0o077 })),
  );
  return found.filter(({ mode }) => mode !== 0).map(({ name, mode }) => `${name} ${mode.toString(8)}`);
};

describe.skipIf(process.platform === 'win32')('what it writes', () => {
  it('is its owner’s alone: database and log, what is set aside, keys; and what lay open is closed', async ({
    folder,
    config,
    start,
  }) => {
    const dataDir = join(folder, 'owned');
    await mkdir(join(dataDir, 'vault'), { recursive: true });
    // A damaged database of an earlier release, which is set aside.
    await writeFile(join(dataDir, 'kiosk.db'), 'no database '.repeat(1000));
    for (const path of [dataDir, join(dataDir, 'vault')]) await chmod(path, 0o755);
    await chmod(join(dataDir, 'kiosk.db'), 0o644);
    const umask = process.umask(0o022);
    const { child, exited, heard } = start({ LATCHPOINT_CONFIG: JSON.stringify(config({ dataDir })) });
    process.umask(umask);
    await heard('ready');
    const names = await readdir(dataDir, { recursive: true });
    expect(names).toEqual(expect.arrayContaining(['kiosk.db', 'kiosk.db-wal', 'page-session.key']));
    expect(names.filter((name) => name.includes('.damaged-'))).not.toEqual([]);
    expect(await openToOthers(dataDir)).toEqual([]);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(await openToOthers(dataDir)).toEqual([]);
  });
});

describe('that cannot run', () => {
  it.for<readonly [string, string, string?]>([
    ['is not JSON', '{"registrationCode":"ABCD-EFGH'],
    ['is no object', '[]'],
    ['leaves out what has no default', '{}', 'backendUrl, dataDir'],
    ['names an unsafe backend', JSON.stringify({ backendUrl: 'http://shop.example', dataDir: '/tmp/x' })],
    [
      'has a setting that does not exist',
      JSON.stringify({ backendUrl: 'https://a.example', dataDir: '/x', key: 1 }),
    ],
  ])(
    'says in one line that its configuration %s, and ends with 78',
    async ([_what, text, named = ''], { start }) => {
      const { exited, printed } = start({ LATCHPOINT_CONFIG: text });
      expect(await exited).toBe(78);
      expect(printed().trim().split('\n')).toHaveLength(1);
      expect(printed()).toContain('LATCHPOINT_CONFIG');
      expect(printed()).toContain('config.invalid');
      expect(printed()).toContain(named);
      expect(printed()).not.toContain('ABCD');
    },
  );

  it('says that another kiosk has its data, whoever has opened its page meanwhile, and ends with 1', async ({
    config,
    start,
  }) => {
    const LATCHPOINT_CONFIG = JSON.stringify(config());
    await start({ LATCHPOINT_CONFIG }).heard('ready');
    const { exited, heard, messages, printed } = start({ LATCHPOINT_CONFIG });
    // It may be gone before it has answered.
    const opened = heard('opened')
      .then((url) => fetch(url))
      .catch(() => undefined);
    expect(await exited).toBe(1);
    await opened;
    expect(printed()).toContain('storage.in_use');
    expect(messages.map(({ type }) => type)).not.toContain('ready');
  });

  it('says which port is taken, and ends with 78', async ({ config, start }) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { exited, printed } = start({ LATCHPOINT_CONFIG: JSON.stringify(config()), PORT: String(port) });
    expect(await exited).toBe(78);
    expect(printed()).toContain(`port ${port} is used by another program`);
    other.close();
  });

  it('says that its passphrase file lies open', async ({ folder, config, start }) => {
    const open = join(folder, 'open-passphrase');
    await writeFile(open, 'only for this test, long enough', { mode: 0o644 });
    const { exited, printed } = start({
      LATCHPOINT_CONFIG: JSON.stringify(config({ passphraseFile: open })),
    });
    expect(await exited).toBe(78);
    expect(printed()).not.toContain('long enough');
  });
});
