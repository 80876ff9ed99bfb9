/** The LIVE Lock API sandbox: stands in for the vendor's service in development and tests. Never in production. */
import { createHash, timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Vendor } from '../live-lock/open-vendor.ts';
import {
  ApiError,
  apiErrors,
  timeBodySchema,
  type CertificatesAnswer,
  type RevocationsAnswer,
  type TimeAnswer,
} from './api-format.ts';
import { controlRoutes } from './control.ts';
import { createFaults } from './faults.ts';
import { createIntermediates } from './intermediates.ts';
import { createRateLimit } from './rate-limit.ts';
import { registerLock, toAnswer } from './registration.ts';
import type { Registry } from './registry.ts';
import { releaseLock } from './release.ts';
import { createRevocations } from './revocations.ts';

export interface LiveLockApiPorts {
  readonly vendor: Vendor;
  readonly registry: Registry;
  readonly clock: Clock;
  /** Three dot-separated parts. */
  readonly apiKey: string;
  /** Opens `/control`; null leaves it out. */
  readonly controlToken: string | null;
  /** Lifetime of an intermediate. */
  readonly intermediateDays?: number;
  readonly requestsPerSecond?: number;
}

export interface LiveLockApi {
  /** Listens on 127.0.0.1; 0 takes a free port. Resolves with the port, or throws `config.port_taken`. */
  listen(port: number): Promise<number>;
  dispose(): Promise<void>;
}

const apiKeyForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export const createLiveLockApi = (ports: LiveLockApiPorts): LiveLockApi => {
  const { vendor, registry, clock, apiKey, controlToken } = ports;
  if (!apiKeyForm.test(apiKey)) {
    throw new AppFailure('config.invalid', {
      source: 'environment',
      path: 'LIVE_LOCK_API_KEY',
      problem: 'must be three parts with dots between them',
    });
  }
  const lifetimeMs = (ports.intermediateDays ?? 14) * 24 * 3_600_000;
  const intermediates = createIntermediates({ vendor, registry, clock, lifetimeMs });
  const revocations = createRevocations({ vendor, registry });
  const faults = createFaults(clock);
  const mayServe = createRateLimit(clock, ports.requestsPerSecond ?? 200);
  const server = fastify({ bodyLimit: 16_384, forceCloseConnections: true });

  server.setErrorHandler(async (error, _request, reply) => {
    const known =
      error instanceof ApiError ? error : new ApiError(codeFor(error), 'The request can not be served.');
    await reply.code(apiErrors[known.code]).send({ error: { code: known.code, message: known.message } });
  });
  server.setNotFoundHandler(async (_request, reply) => {
    await reply.code(404).send({ error: { code: 'not_found', message: 'There is nothing here.' } });
  });

  server.register((scope: FastifyInstance, _options, done) => {
    scope.addHook('onRequest', async (request) => {
      if (!bears(request, apiKey)) throw new ApiError('unauthorised', 'The API key is missing or wrong.');
      if (!mayServe()) throw new ApiError('too_many_requests', 'Too many requests; wait a second.');
      await faults.before();
    });
    scope.post('/v1/dlock', async (request, reply) => {
      const answer = await registerLock({ vendor, registry, clock }, request.body);
      if (faults.mode !== 'lose_answer') return answer;
      // Committed, and never told: what a connection that breaks at the wrong moment looks like.
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    });
    scope.get<{ Params: { serial: string } }>('/v1/dlock/:serial', async (request) => {
      const registration = registry.registration(request.params.serial);
      // A lock of somebody else's customer is not shown: to this caller it is as if there were none.
      const isOurs = registration && (await vendor.customer(registration.owner)) !== null;
      if (!isOurs) throw new ApiError('unknown_serial', 'This serial number is not registered.');
      return toAnswer(registration);
    });
    scope.post<{ Params: { serial: string } }>('/v1/dlock/:serial/release', async (request) => {
      const registration = registry.registration(request.params.serial);
      const isOurs = registration && (await vendor.customer(registration.owner)) !== null;
      if (!isOurs) throw new ApiError('unknown_serial', 'This serial number is not registered.');
      return releaseLock({ vendor, registry }, registration);
    });
    scope.get<{ Params: { owner: string } }>('/v1/certificates/:owner', async (request) => {
      const current = await intermediates.current(request.params.owner);
      if (!current) throw new ApiError('unknown_owner', 'No intermediate certificate has this owner.');
      return {
        owner: current.owner,
        certificate: Buffer.from(current.certificate).toString('base64'),
        root: Buffer.from(vendor.root).toString('base64'),
      } satisfies CertificatesAnswer;
    });
    scope.get<{ Params: { owner: string } }>('/v1/revocations/:owner', async (request) => {
      const { owner } = request.params;
      const current = await revocations.current(owner);
      const parts = current.map(({ version, list }) => ({
        version,
        list: Buffer.from(list).toString('base64'),
      }));
      const [first] = parts;
      if (!first) throw new ApiError('nothing_revoked', 'Nothing is revoked for this owner.');
      return { owner, ...first, parts } satisfies RevocationsAnswer;
    });
    scope.post('/v1/time', async (request) => {
      const body = timeBodySchema.safeParse(request.body);
      if (!body.success) throw new ApiError('malformed_request', 'A challenge of 32 bytes is wanted.');
      const token = await vendor.tellTime(Buffer.from(body.data.challenge, 'base64'), clock.now());
      return { token: Buffer.from(token).toString('base64') } satisfies TimeAnswer;
    });
    done();
  });
  if (controlToken !== null) {
    server.register((scope: FastifyInstance, _options, done) => {
      scope.addHook('onRequest', (request, _reply, next) => {
        next(bears(request, controlToken) ? undefined : new ApiError('unauthorised', 'Wrong control token.'));
      });
      controlRoutes(scope, { vendor, registry, clock, faults, intermediates, revocations });
      done();
    });
  }

  return {
    listen: async (port) => {
      await listen(server, port);
      const address = server.server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    dispose: () => server.close(),
  };
};

const listen = async (server: FastifyInstance, port: number): Promise<void> => {
  try {
    await server.listen({ host: '127.0.0.1', port });
  } catch (error) {
    throw codeOf(error) === 'EADDRINUSE'
      ? new AppFailure('config.port_taken', { port }, { cause: error })
      : error;
  }
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compared as digests, in constant time. */
const bears = (request: FastifyRequest, token: string): boolean =>
  timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));

/** Fastify's own refusals (no JSON, too large) carry a 4xx status; whatever else is the sandbox's own fault. */
const codeFor = (error: unknown): 'malformed_request' | 'unavailable' =>
  error instanceof Error &&
  'statusCode' in error &&
  typeof error.statusCode === 'number' &&
  error.statusCode < 500
    ? 'malformed_request'
    : 'unavailable';
