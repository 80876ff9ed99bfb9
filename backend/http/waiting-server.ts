/** What is answered while the backend waits for its database: that it lives, and that it cannot do anything yet. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { UnreadyAnswer } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { appError } from '../platform/app-error.ts';

interface WaitingServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Frees the port. */
  dispose(): Promise<void>;
}

/** What is there at once never takes the port for this and lets go of it again. */
const patienceMs = 1_000;
const retryAfterSeconds = 5;
const unready: UnreadyAnswer = { status: 'unready', reason: 'starting' };

/**
 * Does `work`, and answers on the port while that takes longer than a second. `port` is the one to listen on afterwards; it is
 * free for a moment then. Throws `config.port_taken`. `work` is told to stop by the signal that it gets.
 */
export const answerWhile = async <T>(
  { host, port, stop }: { readonly host: string; readonly port: number; readonly stop: AbortSignal },
  work: (stop: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T; readonly port: number }> => {
  const given = new AbortController();
  const failed = Promise.withResolvers<never>();
  let opening: Promise<WaitingServer | null> = Promise.resolve(null);
  const timer = setTimeout(() => {
    opening = openServer(host, port).catch((failure: unknown) => {
      given.abort();
      failed.reject(failure);
      return null;
    });
  }, patienceMs);
  try {
    const value = await Promise.race([work(AbortSignal.any([stop, given.signal])), failed.promise]);
    return { value, port: (await opening)?.port ?? port };
  } finally {
    clearTimeout(timer);
    await (await opening)?.dispose();
  }
};

const openServer = async (host: string, port: number): Promise<WaitingServer> => {
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?');
    const isProbe = path === routes.ready.path || path === routes.health.path;
    response
      .setHeader('content-type', 'application/json; charset=utf-8')
      .setHeader('cache-control', 'no-store')
      .setHeader('connection', 'close');
    if (path === routes.live.path) {
      response.end(JSON.stringify({ status: 'alive' }));
      return;
    }
    response.statusCode = 503;
    response.setHeader('retry-after', retryAfterSeconds);
    response.end(JSON.stringify(isProbe ? unready : { error: appError('sync.unreachable') }));
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw codeOf(cause) === 'EADDRINUSE' ? new AppFailure('config.port_taken', { port }, { cause }) : cause;
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    dispose: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
