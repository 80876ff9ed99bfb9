/** The backend as a process of its own, with its own PostgreSQL: how it starts, stops, is killed, and comes back. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { randomUUID } from 'node:crypto';
import { describe, expect, test as base } from 'vitest';
import { z } from 'zod';
import { createAdmin, registrationCodeAnswer } from '#support/simulated-store/admin.ts';
import { makeFolder } from '../postgres-folder.ts';
import { createScriptedVendor, type ScriptedVendor } from './scripted-vendor.ts';
import { registerKiosk, someSerial } from './test-kiosk.ts';
import { eventually, policy } from './world.ts';

const adminToken = 'an admin token for tests';
const readyMessage = z.object({ type: z.literal('ready'), port: z.int() });

/** The scripted vendor behind a real socket; a registration whose answer is lost has its connection cut. */
const serve = async (double: ScriptedVendor): Promise<Server> => {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const answer = await double.fetch(`http://vendor${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        ...(body === '' ? {} : { body }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

const test = base
  .extend('folder', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await makeFolder();
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend('vendor', { scope: 'file' }, () => createScriptedVendor())
  .extend('vendorServer', { scope: 'file' }, async ({ vendor }, { onCleanup }) => {
    const vendorServer = await serve(vendor);
    onCleanup(() => {
      vendorServer.closeAllConnections();
      vendorServer.close();
    });
    return vendorServer;
  })
  /** The process id of the PostgreSQL that runs on the data folder; null when none does. */
  .extend('postmaster', ({ folder }) => async (): Promise<number | null> => {
    const file = join(folder, 'data/postgres/postmaster.pid');
    const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    return pid > 0 && state !== null && !/\) [ZX] /.test(state) ? pid : null;
  })
  .extend('children', ({ postmaster }, { onCleanup }) => {
    const children: ChildProcess[] = [];
    onCleanup(async () => {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      await eventually(async () => expect(await postmaster()).toBeNull());
    });
    return children;
  })
  .extend('tenantId', () => randomUUID())
  .extend(
    'committed',
    ({ vendor }) =>
      (serial: string) =>
        vendor.committed.filter((each) => each === serial).length,
  )
  .extend(
    'spawnBackend',
    ({ folder, vendorServer, children, tenantId }) =>
      (environment: Record<string, string> = {}): { child: ChildProcess; said: Promise<string> } => {
        const child = fork('backend/main.ts', [], {
          stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
          env: {
            PATH: process.env['PATH'],
            TENANT_ID: tenantId,
            DATA_DIR: join(folder, 'data'),
            LIVE_LOCK_API_URL: `http://127.0.0.1:${portOf(vendorServer)}`,
            LIVE_LOCK_API_KEY: 'canary.api.key',
            LIVE_LOCK_OWNER: 'owner',
            ADMIN_TOKEN: adminToken,
            SEALING_SECRET: 'canary sealing secret, long enough',
            ...environment,
          },
        });
        children.push(child);
        return { child, said: child.stderr ? text(child.stderr) : Promise.resolve('') };
      },
  )
  .extend('start', ({ spawnBackend }) => async (environment?: Record<string, string>) => {
    const { child, said } = spawnBackend(environment);
    const message: unknown[] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(async () => Promise.reject(new Error(await said))),
    ]);
    const url = `http://127.0.0.1:${readyMessage.parse(message[0]).port}`;
    const end = async (signal: NodeJS.Signals): Promise<unknown> => {
      const ended = once(child, 'exit');
      child.kill(signal);
      return (await ended)[0];
    };
    return { child, said, url, admin: createAdmin(url, adminToken), end };
  })
  .extend(
    'makeKiosk',
    () =>
      async ({ url, admin }: { url: string; admin: ReturnType<typeof createAdmin> }) => {
        const storeId = randomUUID();
        await admin.send('POST', '/trust/refresh');
        await admin.send('PUT', `/stores/${storeId}`, { name: 'A store', policy });
        const answer = await admin.send('POST', `/stores/${storeId}/registration-codes`);
        return registerKiosk(url, registrationCodeAnswer.parse(answer).code);
      },
  );

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ vendorServer: _vendorServer }) => undefined);

describe('the backend process', () => {
  test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends on %s with its PostgreSQL',
    async (signal, { postmaster, start }) => {
      const backend = await start();
      expect(await postmaster()).not.toBeNull();
      expect(await backend.end(signal)).toBe(0);
      expect(await postmaster()).toBeNull();
    },
  );

  test('ends when its parent goes', async ({ postmaster, start }) => {
    const backend = await start();
    const ended = once(backend.child, 'exit');
    backend.child.disconnect();
    expect((await ended)[0]).toBe(0);
    expect(await postmaster()).toBeNull();
  });

  test('killed, does not leave its PostgreSQL behind', async ({ postmaster, start }) => {
    const backend = await start();
    await backend.end('SIGKILL');
    await eventually(async () => expect(await postmaster()).toBeNull());
  });

  test('goes on when its PostgreSQL is killed: it is started again', async ({ postmaster, start }) => {
    const backend = await start();
    const killed = await postmaster();
    if (killed === null) throw new Error('no PostgreSQL runs');
    process.kill(killed, 'SIGKILL');
    await eventually(async () => {
      expect(await backend.admin.get('/stores')).toMatchObject({ stores: [] });
      expect(await postmaster()).not.toBe(killed);
    });
    expect(await backend.end('SIGTERM')).toBe(0);
    expect(await postmaster()).toBeNull();
  });

  test('refuses a data folder that another one uses', async ({ spawnBackend, start }) => {
    const backend = await start();
    const second = spawnBackend();
    expect((await once(second.child, 'exit'))[0]).toBe(78);
    expect(await second.said).toMatch(/^DATA_DIR is in use/);
    expect(await backend.admin.get('/stores')).toMatchObject({ stores: [] });
  });

  test('says in one line which variable is wrong, without its value', async ({ spawnBackend }) => {
    const wrong = [
      ['SEALING_SECRET', 'canary', 'SEALING_SECRET must be at least 32 characters'],
      [
        'SEALING_SECRET_PREVIOUS',
        'canary sealing secret, long enough',
        'SEALING_SECRET_PREVIOUS must be another than SEALING_SECRET',
      ],
      ['ADMIN_TOKEN', '', 'ADMIN_TOKEN is missing'],
      ['LIVE_LOCK_API_URL', 'http://canary.example', 'LIVE_LOCK_API_URL must be https, or http on loopback'],
      [
        'TRUSTED_PROXIES',
        '10.0.0.0/8, canary',
        'TRUSTED_PROXIES must be addresses or networks (CIDR), separated by commas',
      ],
      ['DATA_DIR', '', 'DATABASE_URL is missing; without a database server, set DATA_DIR'],
    ] as const;
    const ends = await Promise.all(
      wrong.map(async ([name, value]) => {
        const { child, said } = spawnBackend({ [name]: value });
        return [(await once(child, 'exit'))[0] as unknown, await said];
      }),
    );
    expect(ends).toEqual(wrong.map(([, , line]) => [78, `Configuration (environment): ${line}\n`]));
  });

  test('says in one line that its port is taken, and leaves nothing running', async ({
    vendorServer,
    postmaster,
    spawnBackend,
  }) => {
    const { child, said } = spawnBackend({ PORT: String(portOf(vendorServer)) });
    expect((await once(child, 'exit'))[0]).toBe(78);
    expect(await said).toContain(`Port ${portOf(vendorServer)} is taken`);
    expect(await postmaster()).toBeNull();
  });
});

describe('killed with SIGKILL', () => {
  test('while the vendor had committed but not answered: the key is recovered, nothing is sent twice', async ({
    vendor,
    committed,
    start,
    makeKiosk,
  }) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    vendor.hold = promise;
    const first = await start();
    const kiosk = await makeKiosk(first);
    const captured = kiosk.capture(someSerial());
    expect((await kiosk.pushOne(captured)).status).toBe('accepted');
    await eventually(() => {
      expect(committed(captured.serialNumber)).toBe(1);
    });
    await first.end('SIGKILL');
    vendor.hold = null;
    resolve(undefined);

    const again = kiosk.at((await start()).url);
    await eventually(async () =>
      expect(await again.pullAll('enrolments')).toMatchObject([{ state: 'registered' }]),
    );
    expect(await again.pullAll('keyCertificates')).toHaveLength(1);
    expect(committed(captured.serialNumber)).toBe(1);
  });

  test('between what it accepted and what it sent: it is sent after the restart', async ({
    vendor,
    committed,
    start,
    makeKiosk,
  }) => {
    vendor.script.push('down');
    const first = await start();
    const kiosk = await makeKiosk(first);
    const captured = kiosk.capture(someSerial());
    expect((await kiosk.pushOne(captured)).status).toBe('accepted');
    await first.end('SIGKILL');
    const again = kiosk.at((await start()).url);
    await eventually(async () =>
      expect(await again.pullAll('enrolments')).toMatchObject([{ state: 'registered' }]),
    );
    expect(committed(captured.serialNumber)).toBe(1);
    expect(await again.pushOne(captured)).toMatchObject({
      status: 'accepted',
      master: { state: 'registered' },
    });
  });
});
