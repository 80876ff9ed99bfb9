/**
 * A core for tests of the page: it serves the built page and speaks the IPC contract over the WebSocket, as strictly as the
 * real one, with whatever views and answers a test sets.
 */
import { WebSocketServer, type WebSocket } from 'ws';
import { fail, type Result } from '#shared/errors/app-error.ts';
import {
  calls,
  streams,
  type CallInput,
  type CallName,
  type CallOutput,
  type StreamName,
  type StreamSnapshot,
} from '#shared/ipc/contract.ts';
import { clientMessageSchema, type ServerMessage } from '#shared/ipc/envelope.ts';
import { serveFolder } from './static-server.ts';
import { createTakenViews, takenScript } from './taken-views.ts';

type Answer = (input: unknown) => Promise<Result<unknown>>;

export interface FakeCore {
  readonly url: string;
  /** The page has to run this before anything else, or what is shown to it is never taken. */
  readonly script: string;
  /** Every call that the page made, in order, and every message of it that was not in the contract. */
  readonly seen: { readonly name: CallName; readonly input: unknown }[];
  readonly junk: string[];
  /** Resolves once every page that follows the stream has drawn this: what a test then does meets what it showed. */
  show<N extends StreamName>(stream: N, snapshot: StreamSnapshot<N>): Promise<void>;
  /** Shows what is shown now, with `rest` in place of the same of it. */
  alter<N extends StreamName>(stream: N, rest: Partial<StreamSnapshot<N>>): Promise<void>;
  answer<N extends CallName>(
    name: N,
    answer: (input: CallInput<N>) => Result<CallOutput<N>> | Promise<Result<CallOutput<N>>>,
  ): void;
  /** Cuts the page off and turns it away until `comeBack`. */
  vanish(): void;
  comeBack(): void;
  dispose(): Promise<void>;
}

export const startFakeCore = async (pageFolder: string): Promise<FakeCore> => {
  const statics = await serveFolder(pageFolder);
  const sockets = new WebSocketServer({ noServer: true });
  const snapshots = new Map<StreamName, unknown>();
  const answers = new Map<CallName, Answer>();
  const subscriptions = new Map<WebSocket, Set<StreamName>>();
  const taken = createTakenViews();
  const seen: FakeCore['seen'] = [];
  const junk: string[] = [];
  let away = false;
  let epoch = 1;
  let sequence = 0;

  const send = (socket: WebSocket, message: ServerMessage): void => socket.send(JSON.stringify(message));
  const sendSnapshot = async (socket: WebSocket, stream: StreamName): Promise<void> => {
    if (!snapshots.has(stream)) return;
    sequence += 1;
    const snapshot = snapshots.get(stream);
    send(socket, { type: 'snapshot', envelope: { stream, epoch: `epoch-${epoch}`, sequence, snapshot } });
    await taken.until(socket, sequence);
  };

  const call = async (socket: WebSocket, id: number, name: CallName, given: unknown): Promise<void> => {
    const input = calls[name].input.safeParse(given);
    seen.push({ name, input: given });
    const handler: Answer = answers.get(name) ?? (() => Promise.resolve(fail('internal.unexpected')));
    const result = input.success ? await handler(input.data) : fail('ipc.bad_request');
    if (socket.readyState !== socket.OPEN) return;
    send(socket, {
      type: 'answer',
      id,
      answer: result.ok ? result : { ok: false, error: result.error, correlationId: 'test' },
    });
  };

  const receive = (socket: WebSocket, text: string): void => {
    const given: unknown = JSON.parse(text);
    if (taken.hear(socket, given)) return;
    const message = clientMessageSchema.safeParse(given);
    if (!message.success) {
      junk.push(text);
      return;
    }
    const wanted = subscriptions.get(socket) ?? new Set();
    switch (message.data.type) {
      case 'call':
        void call(socket, message.data.id, message.data.name, message.data.input);
        break;
      case 'subscribe':
        subscriptions.set(socket, wanted.add(message.data.stream));
        void sendSnapshot(socket, message.data.stream);
        break;
      case 'unsubscribe':
        wanted.delete(message.data.stream);
        break;
    }
  };

  statics.server.on('upgrade', (request, socket, head) => {
    if (away || request.url !== '/ipc') {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('message', (data: Buffer) => receive(opened, data.toString()));
      opened.on('close', () => {
        subscriptions.delete(opened);
        taken.gone(opened);
      });
    });
  });

  const show: FakeCore['show'] = async (stream, snapshot) => {
    // A view that the real core could not send would prove nothing.
    snapshots.set(stream, streams[stream].snapshot.parse(snapshot));
    const following = [...subscriptions].filter(([, wanted]) => wanted.has(stream));
    await Promise.all(following.map(([socket]) => sendSnapshot(socket, stream)));
  };

  return {
    url: statics.url,
    script: takenScript,
    seen,
    junk,
    show,
    alter: (stream, rest) =>
      show(stream, { ...(snapshots.get(stream) as StreamSnapshot<typeof stream>), ...rest }),
    answer: (name, answer) => {
      answers.set(name, async (input) => answer(input as Parameters<typeof answer>[0]));
    },
    vanish: () => {
      away = true;
      for (const socket of sockets.clients) socket.terminate();
    },
    comeBack: () => {
      away = false;
      epoch += 1;
      sequence = 0;
    },
    dispose: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await statics.dispose();
    },
  };
};
