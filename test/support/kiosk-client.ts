/** A page without a screen: speaks the IPC contract to the browser host over its WebSocket, as the real page does. */
import { WebSocket } from 'ws';
import type { AppError } from '#shared/errors/app-error.ts';
import {
  calls,
  streamNames,
  streams,
  type CallInput,
  type CallName,
  type CallOutput,
  type StreamName,
  type StreamSnapshot,
} from '#shared/ipc/contract.ts';
import { serverMessageSchema, type AnswerEnvelope } from '#shared/ipc/envelope.ts';

export interface KioskClient {
  /** Rejects with the error's code when the call fails. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Resolves with the first snapshot, current or later, that `holds`; rejects after `withinMs`. */
  until<N extends StreamName>(
    name: N,
    what: string,
    holds: (snapshot: StreamSnapshot<N>) => boolean,
    withinMs?: number,
  ): Promise<StreamSnapshot<N>>;
  close(): void;
}

export class CallFailed extends Error {
  readonly error: AppError;

  constructor(name: string, error: AppError) {
    super(`${name}: ${error.code} ${JSON.stringify(error.params)}`);
    this.error = error;
  }
}

const defaultPatienceMs = 20_000;

/** Spends the address's token and opens the WebSocket with the cookie that it yields. */
export const connectKiosk = async (addressWithToken: string): Promise<KioskClient> => {
  const landing = await fetch(addressWithToken, { redirect: 'manual' });
  const cookie = landing.headers.getSetCookie()[0]?.split(';')[0];
  if (cookie === undefined) throw new Error(`the kiosk gave no session (${landing.status})`);
  return connectWithCookie(new URL(addressWithToken).origin, cookie);
};

/** Beside a page that is there already, in its session. */
export const connectWithCookie = async (origin: string, cookie: string): Promise<KioskClient> => {
  const { host } = new URL(origin);
  const socket = new WebSocket(`ws://${host}/ipc`, { origin, headers: { cookie } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });

  let nextId = 0;
  const answers = new Map<
    number,
    { readonly resolve: (answer: AnswerEnvelope) => void; readonly lost: () => void }
  >();
  socket.once('close', () => {
    for (const { lost } of answers.values()) lost();
  });
  const latest = new Map<StreamName, unknown>();
  const watchers = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    const message = serverMessageSchema.parse(JSON.parse(data.toString()));
    if (message.type === 'answer') {
      const { answer } = message;
      answers.get(message.id)?.resolve(answer.ok ? { ok: true, value: answer.value } : answer);
      answers.delete(message.id);
    } else {
      latest.set(message.envelope.stream, message.envelope.snapshot);
      for (const watcher of watchers) watcher();
    }
  });
  for (const stream of streamNames) socket.send(JSON.stringify({ type: 'subscribe', stream }));

  const current = <N extends StreamName>(name: N): StreamSnapshot<N> | undefined => {
    const snapshot = latest.get(name);
    return snapshot === undefined ? undefined : (streams[name].snapshot.parse(snapshot) as StreamSnapshot<N>);
  };

  return {
    call: async (name, input) => {
      const id = nextId++;
      const answer = await new Promise<AnswerEnvelope>((resolve, reject) => {
        const lost = (): void => reject(new Error(`${name}: the kiosk has gone`));
        if (socket.readyState !== WebSocket.OPEN) {
          lost();
          return;
        }
        answers.set(id, { resolve, lost });
        socket.send(JSON.stringify({ type: 'call', id, name, input }));
      });
      if (!answer.ok) throw new CallFailed(name, answer.error);
      return calls[name].output.parse(answer.value) as CallOutput<typeof name>;
    },
    until: (name, what, holds, withinMs = defaultPatienceMs) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const snapshot = current(name);
          if (snapshot === undefined || !holds(snapshot)) return;
          finish();
          resolve(snapshot);
        };
        const timer = setTimeout(() => {
          finish();
          reject(
            new Error(`not so within ${withinMs / 1000} s: ${what}. Last: ${JSON.stringify(current(name))}`),
          );
        }, withinMs);
        const finish = (): void => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      }),
    close: () => socket.close(),
  };
};
