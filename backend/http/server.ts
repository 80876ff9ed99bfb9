import { Readable } from 'node:stream';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { usualBytes } from '#shared/http/define.ts';
import { routes } from '#shared/http/routes.ts';
import { appError } from '../platform/app-error.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Readiness } from '../store/readiness.ts';
import { createAccess, type AccessPorts } from './access.ts';
import { registerAdminRoutes, type AdminServices } from './admin-routes.ts';
import { answerBrokenRequest, answerFrameworkError } from './broken-requests.ts';
import { failureOf, HttpFailure, sendFailure } from './failures.ts';
import { kioskHandlers, type KioskServices } from './kiosk-handlers.ts';
import { mountRoutes } from './mount.ts';
import { openApiDocument } from './openapi.ts';
import { noSuchCall, toOperator } from './operator-words.ts';
import { openHandlers } from './open-handlers.ts';
import { trustIn } from './trusted-proxies.ts';

const requestTimeoutMs = 30_000;
/** Longer than a proxy's usual minute, so that the proxy and not the backend closes an idle connection. */
const keepAliveMs = 75_000;
/** A connection on which nothing moves for so long is dead: longer than anything is waited for, and than a stream is silent. */
const idleMs = 120_000;

const longText = 16_384;

/** For how long a kiosk is asked to keep what it would write. */
const shutMs = 5_000;
/** They are answered while nothing can be written: a token opens the reading, and remembers its assertion on this server alone. */
const withoutWrite: readonly string[] = [routes.token.path, routes.timeTokens.path];

export const createServer = (ports: {
  readonly readiness: Readiness;
  readonly logger: Logger;
  /** Addresses and networks whose word on who a request came from is taken (`X-Forwarded-For`). */
  readonly trustedProxies: readonly string[];
  /** In which an answer has to be read. */
  readonly answerMs: number;
  /** Beyond them a new one is closed at once. */
  readonly maxConnections: number;
  readonly access: Omit<AccessPorts, 'tokens' | 'capacity'>;
  readonly kiosk: KioskServices;
  readonly admin: AdminServices;
}): FastifyInstance => {
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerFrameworkError,
    bodyLimit: usualBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionTimeout: idleMs,
    forceCloseConnections: true,
    trustProxy: ports.trustedProxies.length > 0 ? trustIn(ports.trustedProxies) : false,
  });
  app.server.maxConnections = ports.maxConnections;
  app.setNotFoundHandler((request, reply) =>
    sendFailure(reply, noSuchCall(request) ?? new HttpFailure(404, appError('ipc.bad_request'))),
  );
  app.setErrorHandler((thrown: FastifyError | HttpFailure, request, reply) =>
    sendFailure(reply, failureOf(thrown, request, ports.logger)),
  );
  app.addHook('onSend', (_request, reply, payload, done) => {
    // An answer that nobody reads stays in memory, with its connection, for as long as its reader likes.
    // One that is made as it is sent may take longer, as long as something of it is taken.
    const isMadeMeanwhile = payload instanceof Readable;
    let taken = isMadeMeanwhile ? -1 : 0;
    const late = setInterval(() => {
      const now = isMadeMeanwhile ? (reply.raw.socket?.bytesWritten ?? 0) : 0;
      if (now === taken) reply.raw.destroy();
      taken = now;
    }, ports.answerMs);
    reply.raw.once('close', () => clearInterval(late));
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    // A long text is turned into bytes once here, in place of twice: to count them, and to write them.
    done(null, typeof payload === 'string' && payload.length > longText ? Buffer.from(payload) : payload);
  });
  // A write that would only wait is answered before it takes a session from those who read.
  app.addHook('onRequest', (request, _reply, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const isWrite = !isRead && !withoutWrite.includes(request.routeOptions.url ?? '');
    if (isWrite && ports.readiness.shut !== null) {
      done(new HttpFailure(503, appError('sync.unreachable'), shutMs));
    } else done();
  });
  const { hooksOf, kioskOf } = createAccess({ ...ports.kiosk, ...ports.access });
  const description = Buffer.from(JSON.stringify(openApiDocument()));
  const handlers = { ...openHandlers(ports.readiness, description), ...kioskHandlers(ports.kiosk, kioskOf) };
  mountRoutes(app, routes, handlers, hooksOf);
  void app.register((scope, _options, done) => {
    scope.setErrorHandler((thrown: FastifyError | HttpFailure, request, reply) =>
      sendFailure(reply, toOperator(failureOf(thrown, request, ports.logger), thrown)),
    );
    registerAdminRoutes(scope, ports.admin);
    done();
  });
  return app;
};

/** The port that it listens on. Throws `config.port_taken`. */
export const listen = async (app: FastifyInstance, host: string, port: number): Promise<number> => {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw codeOf(cause) === 'EADDRINUSE' ? new AppFailure('config.port_taken', { port }, { cause }) : cause;
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
};
