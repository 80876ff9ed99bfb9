import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { KioskApi } from '#kiosk/ipc/api.ts';
import { systemClock, type Clock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { callNames, streamNames, type CallName, type StreamName } from '#shared/ipc/contract.ts';
import { serverMessageSchema, type AnswerEnvelope, type SnapshotEnvelope } from '#shared/ipc/envelope.ts';
import type { PageApi } from '#shared/ipc/page-api.ts';
import { createBrowserHost } from '../../../electron/browser-host/browser-host.ts';
import { toAnswer } from './to-answer.ts';
import type { Transport } from './transport.ts';

/** A browser host on a folder of its own, with a one-file page. */
export const openHost = async (api: KioskApi, clock: Clock = systemClock) => {
  const dir = await mkdtemp(join(tmpdir(), 'latchpoint-host-'));
  const pageDir = join(dir, 'page');
  await mkdir(pageDir);
  await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>Kiosk</title>');
  await writeFile(join(pageDir, 'secret.key'), 'not of the page');
  const logger = createRecordingLogger();
  const addresses: string[] = [];
  const start = (port = 0) =>
    createBrowserHost({
      api,
      pageDir,
      dataDir: join(dir, 'data'),
      port,
      clock,
      random: systemRandom,
      logger,
      onAddress: (url) => addresses.push(url),
    });
  return { dir, logger, addresses, start, remove: () => rm(dir, { recursive: true, force: true }) };
};

/** Spends an address; answers with the cookie. */
export const signInAt = async (url: string): Promise<string> => {
  const landing = await fetch(url, { redirect: 'manual' });
  return landing.headers.getSetCookie()[0]?.split(';')[0] ?? '';
};

export const openSocket = (port: number, headers: Record<string, string>, path = '/ipc'): WebSocket =>
  new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });

export const opened = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });

/** The contract over a real WebSocket on loopback, as any page that was given the address speaks it. */
export const websocketTransport: Transport = {
  name: 'loopback WebSocket',
  open: async (api) => {
    const host = await openHost(api);
    const server = await host.start();
    const cookie = await signInAt(server.url);
    const socket = openSocket(server.port, { cookie, origin: `http://127.0.0.1:${server.port}` });
    await opened(socket);

    const crossed: string[] = [];
    const answers = new Map<number, (answer: AnswerEnvelope | 'closed') => void>();
    const listeners = new Map<StreamName, (envelope: SnapshotEnvelope) => void>();
    let nextId = 0;
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        for (const settle of answers.values()) settle('closed');
        resolve();
      });
    });
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      crossed.push(data.toString());
      const message = serverMessageSchema.parse(JSON.parse(data.toString()));
      if (message.type === 'snapshot') listeners.get(message.envelope.stream)?.(message.envelope);
      else answers.get(message.id)?.(toAnswer(message.answer));
    });
    const callRaw = (name: unknown, input: unknown): Promise<AnswerEnvelope | 'closed'> =>
      new Promise((resolve) => {
        if (socket.readyState !== socket.OPEN) {
          resolve('closed');
          return;
        }
        const id = nextId++;
        answers.set(id, resolve);
        socket.send(JSON.stringify({ type: 'call', id, name, input: input ?? null }));
      });
    const call = async (name: CallName, input: unknown): Promise<AnswerEnvelope> => {
      const answer = await callRaw(name, input);
      if (answer === 'closed') throw new Error('closed');
      return answer;
    };
    const subscribe = (stream: StreamName, listener: (envelope: SnapshotEnvelope) => void) => {
      listeners.set(stream, listener);
      socket.send(JSON.stringify({ type: 'subscribe', stream }));
      return () => {
        listeners.delete(stream);
        socket.send(JSON.stringify({ type: 'unsubscribe', stream }));
      };
    };
    return {
      page: {
        calls: Object.fromEntries(
          callNames.map((name) => [name, (input: unknown) => call(name, input)]),
        ) as PageApi['calls'],
        streams: Object.fromEntries(
          streamNames.map((name) => [name, (listener: never) => subscribe(name, listener)]),
        ) as PageApi['streams'],
      },
      callRaw,
      crossed,
      logged: host.logger.lines,
      vanish: async () => {
        socket.terminate();
        await closed;
      },
      dispose: async () => {
        socket.terminate();
        await server.dispose();
        await host.remove();
      },
    };
  },
};
