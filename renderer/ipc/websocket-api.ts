/**
 * The page's way to the core where there is no preload script: the IPC contract over the loopback WebSocket. It reconnects
 * by itself with growing, jittered waits, subscribes again, and ends calls in flight with `ipc.disconnected`, because
 * nobody can tell any more whether they were carried out.
 */
import { backoffMs } from '#shared/flow/backoff.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import { callNames, calls, streamNames, type CallName, type StreamName } from '#shared/ipc/contract.ts';
import {
  serverMessageSchema,
  type AnswerEnvelope,
  type ClientMessage,
  type SnapshotEnvelope,
} from '#shared/ipc/envelope.ts';
import { mapNames, type PageApi } from '#shared/ipc/page-api.ts';
import { parseJson } from '#shared/models/json.ts';

const reconnect = { firstMs: 250, longestMs: 5_000, chance: 0.5 };
/** The core keeps a call's deadline; the page waits a little longer, so that the core's own answer wins. */
const deadlineGraceMs = 2_000;
/** Calls that may wait for the first connection. */
const mostUnsent = 32;

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  opened(): void;
  received(data: unknown): void;
  /** Once, whether or not it was ever open. */
  closed(): void;
}

export interface WebSocketPorts {
  /** Starts to connect; calls the listener back later, never at once. */
  readonly open: (listener: SocketListener) => Socket;
  /** Runs `task` after `ms`; the returned function cancels it. */
  readonly after: (ms: number, task: () => void) => () => void;
  /** A number in [0, 1). */
  readonly float: () => number;
}

export interface WebSocketApi extends PageApi {
  /** Calls `listener` with whether the core is reachable, or may be, at once and at every change. */
  onLink(listener: (linked: boolean) => void): () => void;
  dispose(): void;
}

type Listener = (envelope: SnapshotEnvelope) => void;

const ended = (code: ErrorCode): AnswerEnvelope => ({
  ok: false,
  error: { code, params: {} },
  correlationId: 'page',
});

export const createWebSocketApi = ({ open, after, float }: WebSocketPorts): WebSocketApi => {
  const pending = new Map<number, (answer: AnswerEnvelope) => void>();
  const unsent = new Map<number, ClientMessage>();
  const listeners = new Map<StreamName, Set<Listener>>(streamNames.map((name) => [name, new Set()]));
  const latest = new Map<StreamName, SnapshotEnvelope>();
  const linkListeners = new Set<(linked: boolean) => void>();
  let socket: Socket | null = null;
  let linked = false;
  /** A core that has only just served this page may still be getting ready: it is lost once it has closed or refused. */
  let lost = false;
  let disposed = false;
  let failures = 0;
  let nextId = 0;
  let cancelReconnect = (): void => undefined;

  const send = (message: ClientMessage): void => socket?.send(JSON.stringify(message));

  const setLinked = (to: boolean): void => {
    linked = to;
    if (lost !== to) return;
    lost = !to;
    for (const listener of linkListeners) listener(to);
  };

  const receive = (data: unknown): void => {
    const message = serverMessageSchema.safeParse(typeof data === 'string' ? parseJson(data) : null);
    if (!message.success) return;
    if (message.data.type === 'answer') {
      pending.get(message.data.id)?.(message.data.answer);
      return;
    }
    const { envelope } = message.data;
    latest.set(envelope.stream, envelope);
    for (const listener of listeners.get(envelope.stream) ?? []) listener(envelope);
  };

  const lose = (): void => {
    socket = null;
    setLinked(false);
    // What was last said may be old by the time that someone subscribes.
    latest.clear();
    for (const end of [...pending.values()]) end(ended('ipc.disconnected'));
    if (disposed) return;
    failures += 1;
    cancelReconnect = after(backoffMs(reconnect, failures, float()), connect);
  };

  const connect = (): void => {
    const opened = open({
      opened: () => {
        failures = 0;
        setLinked(true);
        for (const [stream, set] of listeners) if (set.size > 0) send({ type: 'subscribe', stream });
        for (const message of unsent.values()) send(message);
        unsent.clear();
      },
      received: receive,
      closed: () => {
        if (socket === opened) lose();
      },
    });
    socket = opened;
  };

  const call = (name: CallName, input: unknown): Promise<AnswerEnvelope> => {
    if (lost || unsent.size >= mostUnsent) return Promise.resolve(ended('ipc.disconnected'));
    const id = nextId;
    nextId += 1;
    return new Promise((resolve) => {
      const end = (answer: AnswerEnvelope): void => {
        cancel();
        pending.delete(id);
        unsent.delete(id);
        resolve(answer);
      };
      const cancel = after(calls[name].deadlineMs + deadlineGraceMs, () => end(ended('ipc.timeout')));
      pending.set(id, end);
      const message: ClientMessage = { type: 'call', id, name, input };
      if (linked) send(message);
      else unsent.set(id, message);
    });
  };

  const subscribe = (stream: StreamName, listener: Listener): (() => void) => {
    const set = listeners.get(stream) ?? new Set();
    set.add(listener);
    const known = latest.get(stream);
    if (known) listener(known);
    else if (linked && set.size === 1) send({ type: 'subscribe', stream });
    return () => {
      set.delete(listener);
      if (set.size > 0) return;
      latest.delete(stream);
      if (linked) send({ type: 'unsubscribe', stream });
    };
  };

  connect();

  return {
    calls: mapNames(callNames, (name) => (input: unknown) => call(name, input)),
    streams: mapNames(streamNames, (name) => (listener: Listener) => subscribe(name, listener)),
    onLink: (listener) => {
      linkListeners.add(listener);
      listener(!lost);
      return () => linkListeners.delete(listener);
    },
    dispose: () => {
      disposed = true;
      cancelReconnect();
      socket?.close();
      if (socket) lose();
    },
  };
};
