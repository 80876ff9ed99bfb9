/** Lets an operator's tools in, with a token of theirs, to the routes of `admin/routes.ts`. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Operator } from '../admin/operator-journal.ts';
import { journalRoutes } from '../admin/journal-routes.ts';
import { listRoutes } from '../admin/list-routes.ts';
import { jsonRoutes } from '../admin/routes.ts';
import { callerOf, type RateLimit } from '../identity/rate-limit.ts';
import { appError } from '../platform/app-error.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { HttpFailure } from './failures.ts';
import { listHandlers, takeListFiles, type ListServices } from './list-handlers.ts';
import { journalHandlers, type JournalServices } from './journal-handlers.ts';
import { mountRoutes } from './mount.ts';
import { createOperatorCalls } from './operator-calls.ts';
import { operatorHandlers, type OperatorServices } from './operator-handlers.ts';

export interface AdminServices extends OperatorServices, ListServices, JournalServices {
  /** Any of their tokens is a right one. */
  readonly operators: readonly Operator[];
  readonly logger: Logger;
  readonly adminLimit: RateLimit;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** As Node gives a header that was sent in Latin-1, and in UTF-8: tools do either. */
const inHeaders = (text: string): string[] => [text, Buffer.from(text, 'utf8').toString('latin1')];

export const registerAdminRoutes = (app: FastifyInstance, services: AdminServices): void => {
  const expected = services.operators.flatMap(({ name, token }) =>
    inHeaders(`Bearer ${token}`).map((text) => ({ name, digest: digest(text) })),
  );
  const calls = createOperatorCalls(services.journal, services.logger);

  /**
   * Digests are of equal length, and all are compared, so it takes the same time whatever was sent. The right token passes
   * whatever others type at the same address: what is limited is guessing, and a guess costs one digest.
   */
  app.addHook('onRequest', (request, _reply, done) => {
    const caller = callerOf(request.ip);
    const waitMs = services.adminLimit.waitMs(caller);
    const given = digest(request.headers.authorization ?? '');
    const [known] = expected.filter((each) => timingSafeEqual(given, each.digest));
    if (known) {
      calls.know(request, known.name);
      done();
    } else if (waitMs > 0) {
      done(new HttpFailure(429, appError('sync.refused'), waitMs));
    } else {
      services.adminLimit.count(caller);
      done(new HttpFailure(401, appError('sync.refused')));
    }
  });

  mountRoutes(app, jsonRoutes, operatorHandlers(services, calls));
  mountRoutes(app, journalRoutes, journalHandlers(services, calls));
  void app.register((scope, _options, done) => {
    takeListFiles(scope);
    mountRoutes(scope, listRoutes, listHandlers(services, calls));
    done();
  });
};
