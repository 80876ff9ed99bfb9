import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KioskApi } from '#kiosk/ipc/api.ts';
import { createDispatcher } from '#kiosk/ipc/dispatcher.ts';
import { loadPageFiles } from '#kiosk/page/page-files.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '#kiosk/platform/random.ts';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf, describeThrown } from '#shared/errors/thrown.ts';
import { createPageServer } from './page-server.ts';
import { createPageSession } from './page-session.ts';
import { createPageWebSockets } from './websocket-server.ts';

const mostConnections = 64;
const requestTimeoutMs = 10_000;

export interface BrowserHostOptions {
  readonly api: KioskApi;
  /** Folder of the built page. */
  readonly pageDir: string;
  readonly dataDir: string;
  /** On 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Told the next address whenever the one before was used. */
  readonly onAddress?: (url: string) => void;
}

export interface BrowserHost {
  /** The address that opens the kiosk in a browser now; good once. */
  readonly url: string;
  readonly port: number;
  dispose(): Promise<void>;
}

/** Serves a kiosk to browsers of this machine. Throws `config.port_taken`. */
export const createBrowserHost = async (options: BrowserHostOptions): Promise<BrowserHost> => {
  const { api, clock, random, logger } = options;
  const [files, session] = await Promise.all([
    loadPageFiles(options.pageDir),
    createPageSession(options.dataDir, random),
  ]);
  let port = options.port;
  let url = '';
  const newAddress = (): string => {
    url = `http://127.0.0.1:${port}/?token=${session.issueToken()}`;
    return url;
  };
  const dispatcher = createDispatcher({ api, clock, random, logger });
  const sockets = createPageWebSockets({ dispatcher, session, port: () => port, clock, logger });
  const servePage = createPageServer({
    files,
    session,
    port: () => port,
    onTokenSpent: () => options.onAddress?.(newAddress()),
  });
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    servePage(request, response).catch((error: unknown) => {
      logger.error('page could not be served', describeThrown(error));
      response.destroy();
    });
  });
  server.maxConnections = mostConnections;
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  port = await listen(server, options.port);
  newAddress();

  return {
    get url() {
      return url;
    },
    port,
    async dispose() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.dispose();
      dispatcher.dispose();
      server.closeAllConnections();
      await closed;
    },
  };
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = ['EADDRINUSE', 'EACCES'].includes(codeOf(error));
      reject(taken ? new AppFailure('config.port_taken', { port }, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', () => {
      // A TCP server's address is never a pipe's name.
      resolve((server.address() as AddressInfo).port);
    });
  });
