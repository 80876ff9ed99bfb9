/** What anybody may ask: whether the backend is there, and what it can do. Each has a count of its own, so that it costs no kiosk's. */
import type { FastifyInstance } from 'fastify';
import { routes, type ReadyAnswer } from '#shared/http/contract.ts';
import { callerOf, type RateLimit } from '../identity/rate-limit.ts';
import type { Readiness } from '../store/readiness.ts';
import { openApiDocument } from './openapi.ts';
import { spend } from './spend.ts';

export interface OpenServices {
  readonly readiness: Readiness;
  /** Per address: questions whether it is there. */
  readonly probeLimit: RateLimit;
  /** Per address: the description of the API. */
  readonly documentLimit: RateLimit;
}

export const registerOpenRoutes = (app: FastifyInstance, services: OpenServices): void => {
  // Load balancers ask with HEAD, so these three answer it.
  app.get(routes.live, { exposeHeadRoute: true }, (request) => {
    spend(services.probeLimit, callerOf(request.ip));
    return { status: 'alive' };
  });
  for (const route of [routes.ready, routes.health]) {
    app.get(route, { exposeHeadRoute: true }, async (request, reply): Promise<ReadyAnswer> => {
      spend(services.probeLimit, callerOf(request.ip));
      const reason = await services.readiness.look();
      return reason === null ? { status: 'ok' } : reply.status(503).send({ status: 'unready', reason });
    });
  }
  // Written once: it never changes, and takes longer to write than most answers.
  const document = Buffer.from(JSON.stringify(openApiDocument()));
  app.get('/v1/openapi.json', (request, reply) => {
    spend(services.documentLimit, callerOf(request.ip));
    return reply.type('application/json; charset=utf-8').send(document);
  });
};
