import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Dispatcher } from '#kiosk/ipc/dispatcher.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { inTime } from '#shared/flow/in-time.ts';
import { maxClientMessageBytes } from '#shared/ipc/envelope.ts';
import { isFromOwnPage, localAuthority } from './local-request.ts';
import { closeCodes, servePageSocket } from './page-socket.ts';
import type { PageSession } from './page-session.ts';

const mostPages = 8;
const closeWithinMs = 1000;

export interface PageWebSockets {
  /** Takes over an upgrade request, or refuses it with a status. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  dispose(): Promise<void>;
}

export interface PageWebSocketsOptions {
  readonly dispatcher: Dispatcher;
  readonly session: PageSession;
  readonly port: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The IPC contract over `ws://127.0.0.1:PORT/ipc`, for the page that this host itself has served and for no other. */
export const createPageWebSockets = (options: PageWebSocketsOptions): PageWebSockets => {
  const { dispatcher, session, port, clock, logger } = options;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxClientMessageBytes,
    perMessageDeflate: false,
  });
  const open = new Map<WebSocket, Promise<void>>();

  const refusal = (request: IncomingMessage): string | null => {
    const authority = localAuthority(request, port());
    if (authority === null) return '421 Misdirected Request';
    if (request.url !== '/ipc') return '404 Not Found';
    if (!isFromOwnPage(request, authority)) return '403 Forbidden';
    if (!session.admits(request.headers.cookie)) return '401 Unauthorized';
    return open.size >= mostPages ? '503 Service Unavailable' : null;
  };

  return {
    upgrade(request, socket, head) {
      const refused = refusal(request);
      if (refused !== null) {
        logger.warn('page refused', { status: refused });
        socket.on('error', () => socket.destroy());
        socket.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      server.handleUpgrade(request, socket, head, (page) => {
        const closed = servePageSocket({ socket: page, dispatcher, clock, logger }).finally(() => {
          open.delete(page);
        });
        open.set(page, closed);
      });
    },
    async dispose() {
      const pages = [...open];
      for (const [page] of pages) page.close(closeCodes.goingAway, 'the kiosk is stopping');
      const closed = Promise.all(pages.map(([, each]) => each));
      await inTime({ timer: clock, ms: closeWithinMs }, closed, () => {
        for (const [page] of pages) page.terminate();
      });
      await closed;
      server.close();
    },
  };
};
