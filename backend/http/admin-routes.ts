/** What an operator's tools call, with the admin token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import {
  eventsQuerySchema,
  idPathSchema,
  importLockSchema,
  journalQuerySchema,
  lockPathSchema,
  putLockSchema,
  putStaffSchema,
  putStoreSchema,
  resolveSchema,
  revokeSchema,
  staffPathSchema,
  storePathSchema,
} from '../admin/contract.ts';
import type { EnrolmentAdmin } from '../admin/enrolments.ts';
import type { LockNames } from '../admin/lock-names.ts';
import type { KeyReplacement } from '../admin/key-replacement.ts';
import type { Operator, OperatorJournal } from '../admin/operator-journal.ts';
import type { Overview } from '../admin/overview.ts';
import type { ReleaseAdmin } from '../admin/releases.ts';
import type { RestoreAdmin } from '../admin/restored.ts';
import type { StoreAdmin } from '../admin/stores.ts';
import type { Kiosks } from '../identity/kiosks.ts';
import { callerOf, type RateLimit } from '../identity/rate-limit.ts';
import type { Registration } from '../identity/registration.ts';
import type { SealingState } from '../keys/secret-change.ts';
import { appError } from '../platform/app-error.ts';
import type { Logger } from '../platform/ports.ts';
import type { TrustPoller } from '../trust/trust-poller.ts';
import { HttpFailure, parseOr400 } from './failures.ts';
import { createOperatorCalls } from './operator-calls.ts';

export interface AdminServices {
  /** Any of their tokens is a right one. */
  readonly operators: readonly Operator[];
  readonly journal: OperatorJournal;
  readonly logger: Logger;
  readonly adminLimit: RateLimit;
  readonly stores: StoreAdmin;
  readonly enrolments: EnrolmentAdmin;
  readonly lockNames: LockNames;
  readonly releases: ReleaseAdmin;
  readonly keys: KeyReplacement;
  readonly overview: Overview;
  readonly registration: Registration;
  readonly kiosks: Kiosks;
  readonly restore: RestoreAdmin;
  readonly trust: TrustPoller;
  readonly sealing: () => SealingState;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** As Node gives a header that was sent in Latin-1, and in UTF-8: tools do either. */
const inHeaders = (text: string): string[] => [text, Buffer.from(text, 'utf8').toString('latin1')];
const statuses: Partial<Record<ErrorCode, number>> = {
  'enrolment.not_found': 404,
  'staff.weak_pin': 422,
  'sync.unreachable': 503,
};
const notFound = (): HttpFailure => new HttpFailure(404, appError('enrolment.not_found'));

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

  const valueOf = <T>(result: Result<T>): T => {
    if (result.ok) return result.value;
    throw new HttpFailure(statuses[result.error.code] ?? 409, result.error);
  };
  const requireFound = (found: boolean): void => {
    if (!found) throw notFound();
  };

  app.put('/v1/admin/stores/:storeId', async (request, reply) => {
    const { storeId } = parseOr400(storePathSchema, request.params);
    await calls.act(request, 'store_put', { storeId }, (note) =>
      services.stores.putStore(storeId, parseOr400(putStoreSchema, request.body), note),
    );
    return reply.status(204).send();
  });

  app.post('/v1/admin/stores/:storeId/registration-codes', async (request, reply) => {
    const { storeId } = parseOr400(storePathSchema, request.params);
    const code = await calls.act(request, 'code_drawn', { storeId }, async (note) => {
      const drawn = await services.registration.createCode(storeId, note);
      if (!drawn) throw notFound();
      return drawn;
    });
    return reply.status(201).send(code);
  });

  app.put('/v1/admin/stores/:storeId/staff/:staffId', async (request, reply) => {
    const { storeId, staffId } = parseOr400(staffPathSchema, request.params);
    await calls.act(request, 'staff_put', { storeId, staffId }, async (note) => {
      const staff = parseOr400(putStaffSchema, request.body);
      valueOf(await services.stores.putStaff(storeId, staffId, staff, note));
    });
    return reply.status(204).send();
  });

  app.delete('/v1/admin/stores/:storeId/staff/:staffId', async (request, reply) => {
    const { storeId, staffId } = parseOr400(staffPathSchema, request.params);
    await calls.act(request, 'staff_dismissed', { storeId, staffId }, async (note) => {
      requireFound(await services.stores.deleteStaff(storeId, staffId, note));
    });
    return reply.status(204).send();
  });

  app.post('/v1/admin/stores/:storeId/locks', async (request, reply) => {
    const { storeId } = parseOr400(storePathSchema, request.params);
    const { data: named } = importLockSchema.pick({ serialNumber: true }).loose().safeParse(request.body);
    const subject = { storeId, ...(named ? { serialNumber: named.serialNumber } : {}) };
    const accepted = await calls.act(request, 'lock_imported', subject, async (note) => {
      const lock = parseOr400(importLockSchema, request.body);
      return valueOf(await services.enrolments.importLock(storeId, lock, note));
    });
    return reply.status(202).send(accepted);
  });

  app.put('/v1/admin/stores/:storeId/locks/:serialNumber', async (request, reply) => {
    const { storeId, serialNumber } = parseOr400(lockPathSchema, request.params);
    await calls.act(request, 'lock_renamed', { storeId, serialNumber }, async (note) => {
      const lock = parseOr400(putLockSchema, request.body);
      requireFound(await services.lockNames.put(storeId, serialNumber, lock, note));
    });
    return reply.status(204).send();
  });

  app.post('/v1/admin/stores/:storeId/locks/:serialNumber/release', async (request, reply) => {
    const { storeId, serialNumber } = parseOr400(lockPathSchema, request.params);
    await calls.act(request, 'release_ordered', { storeId, serialNumber }, async (note) => {
      valueOf(await services.releases.order(storeId, serialNumber, note));
    });
    return reply.status(202).send();
  });
  app.delete('/v1/admin/stores/:storeId/locks/:serialNumber/release', async (request, reply) => {
    const { storeId, serialNumber } = parseOr400(lockPathSchema, request.params);
    await calls.act(request, 'release_withdrawn', { storeId, serialNumber }, async (note) => {
      requireFound(await services.releases.withdraw(storeId, serialNumber, note));
    });
    return reply.status(204).send();
  });

  app.post('/v1/admin/stores/:storeId/locks/:serialNumber/key', async (request, reply) => {
    const { storeId, serialNumber } = parseOr400(lockPathSchema, request.params);
    await calls.act(request, 'key_replaced', { storeId, serialNumber }, async (note) => {
      valueOf(await services.keys.replace(storeId, serialNumber, note));
    });
    return reply.status(204).send();
  });

  app.get('/v1/admin/stores/:storeId/locks', (request) =>
    services.overview.locks(parseOr400(storePathSchema, request.params).storeId),
  );
  app.get('/v1/admin/stores/:storeId/enrolments', (request) =>
    services.overview.enrolments(parseOr400(storePathSchema, request.params).storeId),
  );
  app.get('/v1/admin/stores/:storeId/kiosks', (request) =>
    services.overview.kiosks(parseOr400(storePathSchema, request.params).storeId),
  );
  app.get('/v1/admin/stores/:storeId/events', (request) =>
    services.overview.events(
      parseOr400(storePathSchema, request.params).storeId,
      parseOr400(eventsQuerySchema, request.query),
    ),
  );

  app.post('/v1/admin/enrolments/:id/resolve', async (request) => {
    const { id } = parseOr400(idPathSchema, request.params);
    const { data: asked } = resolveSchema.safeParse(request.body);
    return calls.act(request, 'enrolment_resolved', { enrolmentId: id, ...asked }, async (note) => {
      const { action } = parseOr400(resolveSchema, request.body);
      return valueOf(await services.enrolments.resolve(id, action, note));
    });
  });

  app.post('/v1/admin/kiosks/:id/revoke', async (request, reply) => {
    const { id } = parseOr400(idPathSchema, request.params);
    await calls.act(request, 'kiosk_revoked', { kioskId: id }, async (note) => {
      const { reason } = parseOr400(revokeSchema, request.body ?? {});
      requireFound(await services.kiosks.revoke(id, reason, note));
    });
    return reply.status(204).send();
  });

  app.post('/v1/admin/kiosks/:id/rotate-keys', async (request, reply) => {
    const { id } = parseOr400(idPathSchema, request.params);
    await calls.act(request, 'key_rotation_asked', { kioskId: id }, async (note) => {
      requireFound(await services.kiosks.requestRotation(id, note));
    });
    return reply.status(202).send();
  });

  app.post('/v1/admin/restored', (request) =>
    calls.act(request, 'restored_declared', {}, (note) => services.restore.declareRestored(note)),
  );
  app.get('/v1/admin/journal', (request) =>
    services.journal.page(parseOr400(journalQuerySchema, request.query)),
  );

  app.post('/v1/admin/trust/refresh', (request) =>
    calls.act(
      request,
      'trust_refreshed',
      {},
      () => services.trust.refresh(),
      (done) => (done.refreshed ? 'done' : done.reason),
    ),
  );
  app.get('/v1/admin/trust', async () => ({
    ...(await services.overview.trust()),
    lastRefresh: services.trust.last,
  }));
  app.get('/v1/admin/sealing', () => services.sealing());
};
