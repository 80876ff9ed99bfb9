/**
 * Serves the kiosk's API to pages, whatever carries the messages: Electron's IPC and the loopback WebSocket are both thin
 * transports over one `PageConnection` per page.
 */
import { z } from 'zod';
import { callNames, streamNames, type StreamName } from '#shared/ipc/contract.ts';
import type { AnswerEnvelope } from '#shared/ipc/envelope.ts';
import { failedAnswer } from './correlate.ts';
import { declaredCall, serveCall, type CallPorts } from './serve-call.ts';
import { createStreamHub } from './stream-hub.ts';
import type { Deliver } from './subscriber.ts';

/** Calls of one page that may be under way at once; a page needs two or three. */
const mostCallsUnderWay = 32;

/** One page's view of the kiosk. Everything of it ends with `close`. */
export interface PageConnection {
  /** Never rejects: an unknown name, bad input and a flood are answered with `ipc.bad_request`. */
  call(name: unknown, input: unknown): Promise<AnswerEnvelope>;
  /** Starts the stream, or starts it again with its current snapshot. False for a name that is no stream's. */
  subscribe(stream: unknown, deliver: Deliver): boolean;
  unsubscribe(stream: unknown): boolean;
  /** Aborts the calls under way and ends the subscriptions. */
  close(): void;
}

export interface Dispatcher {
  connect(): PageConnection;
  dispose(): void;
}

const callNameSchema = z.enum(callNames);
const streamNameSchema = z.enum(streamNames);

export const createDispatcher = (ports: CallPorts): Dispatcher => {
  const epoch = ports.random.uuid();
  const hubs = new Map(streamNames.map((name) => [name, createStreamHub(ports, name, epoch)]));
  const connections = new Set<PageConnection>();

  const refuse = (why: string): AnswerEnvelope => {
    const correlationId = ports.random.uuid();
    ports.logger.warn('call refused', { why, correlationId });
    return failedAnswer({ code: 'ipc.bad_request', params: {} }, correlationId);
  };

  const connect = (): PageConnection => {
    const gone = new AbortController();
    const subscriptions = new Map<StreamName, () => void>();
    let underWay = 0;

    const connection: PageConnection = {
      async call(name, input) {
        const known = callNameSchema.safeParse(name);
        if (!known.success) return refuse('unknown name');
        if (underWay >= mostCallsUnderWay) return refuse('too many under way');
        underWay += 1;
        try {
          return await serveCall(ports, declaredCall(known.data), input, gone.signal);
        } finally {
          underWay -= 1;
        }
      },
      subscribe(stream, deliver) {
        const known = streamNameSchema.safeParse(stream);
        if (!known.success || gone.signal.aborted) return false;
        subscriptions.get(known.data)?.();
        const unsubscribe = hubs.get(known.data)?.subscribe(deliver);
        if (unsubscribe) subscriptions.set(known.data, unsubscribe);
        return true;
      },
      unsubscribe(stream) {
        const known = streamNameSchema.safeParse(stream);
        if (!known.success) return false;
        subscriptions.get(known.data)?.();
        subscriptions.delete(known.data);
        return true;
      },
      close() {
        gone.abort();
        for (const unsubscribe of subscriptions.values()) unsubscribe();
        subscriptions.clear();
        connections.delete(connection);
      },
    };
    connections.add(connection);
    return connection;
  };

  return {
    connect,
    dispose() {
      for (const connection of connections) connection.close();
      for (const hub of hubs.values()) hub.dispose();
    },
  };
};
