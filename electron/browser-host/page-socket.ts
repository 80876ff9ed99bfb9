import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { PageConnection, Dispatcher } from '#kiosk/ipc/dispatcher.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { clientMessageSchema, type ServerMessage } from '#shared/ipc/envelope.ts';
import { parseJson } from '#shared/models/json.ts';
import { createMessageBudget } from './message-budget.ts';

/** Close codes of RFC 6455, section 7.4.1. */
export const closeCodes = { goingAway: 1001, binary: 1003, misbehaved: 1008 } as const;

/** Messages that make no sense before the page is taken for something else than a page. */
const mostJunk = 10;
/** What may wait for a page that does not read, in bytes. */
const mostUnread = 8 * 1024 * 1024;
const heartbeatMs = 15_000;

const callIdSchema = z.looseObject({ type: z.literal('call'), id: z.int().min(0) });

export interface PageSocketOptions {
  readonly socket: WebSocket;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Serves one page over its WebSocket until either side closes it. Resolves when it has closed. */
export const servePageSocket = ({ socket, dispatcher, clock, logger }: PageSocketOptions): Promise<void> => {
  const connection = dispatcher.connect();
  const withinBudget = createMessageBudget(clock);
  let junk = 0;
  let alive = true;
  let cancelHeartbeat = (): void => undefined;

  const close = (code: number, why: string): void => {
    logger.warn('page closed', { why, code });
    socket.close(code, why);
    connection.close();
  };

  const send = (message: ServerMessage): Promise<void> =>
    new Promise((resolve, reject) => {
      if (socket.bufferedAmount > mostUnread) socket.terminate();
      socket.send(JSON.stringify(message), (error) => {
        if (error) reject(error);
        else resolve();
      });
    });

  const receive = (data: RawData, isBinary: boolean): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) {
      close(closeCodes.binary, 'text only');
      return;
    }
    if (!withinBudget()) {
      close(closeCodes.misbehaved, 'too many messages');
      return;
    }
    if (serveMessage(connection, parseJson(data instanceof Buffer ? data.toString('utf8') : ''), send))
      return;
    junk += 1;
    if (junk > mostJunk) close(closeCodes.misbehaved, 'not understood');
  };

  const beat = (): void => {
    if (!alive) {
      logger.warn('page closed', { why: 'no heartbeat' });
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
    cancelHeartbeat = clock.after(heartbeatMs, beat);
  };

  return new Promise((resolve) => {
    socket.on('message', receive);
    socket.on('pong', () => (alive = true));
    // An error is always followed by a close; oversized and malformed frames arrive here.
    socket.on('error', () => logger.warn('page closed', { why: 'protocol error' }));
    socket.on('close', () => {
      cancelHeartbeat();
      connection.close();
      resolve();
    });
    beat();
  });
};

/** False when the message makes no sense. A call that can be told apart is answered even then. */
const serveMessage = (
  connection: PageConnection,
  message: unknown,
  send: (message: ServerMessage) => Promise<void>,
): boolean => {
  // A message that can't be sent any more has no reader: the socket's close follows.
  const gone = (): void => undefined;
  const answer = (id: number, name: unknown, input: unknown): void => {
    void connection
      .call(name, input)
      .then((envelope) => send({ type: 'answer', id, answer: envelope }))
      .catch(gone);
  };
  const parsed = clientMessageSchema.safeParse(message);
  if (!parsed.success) {
    const call = callIdSchema.safeParse(message);
    if (call.success) answer(call.data.id, null, null);
    return false;
  }
  switch (parsed.data.type) {
    case 'call':
      answer(parsed.data.id, parsed.data.name, parsed.data.input);
      return true;
    case 'subscribe':
      return connection.subscribe(parsed.data.stream, (envelope) => send({ type: 'snapshot', envelope }));
    case 'unsubscribe':
      return connection.unsubscribe(parsed.data.stream);
  }
};
