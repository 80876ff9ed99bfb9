/** What kiosks call. Shapes are `shared/http/contract.ts`. */
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import { CompactSign } from 'jose';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fail, type AppError } from '#shared/errors/app-error.ts';
import {
  pullQuerySchema,
  pushRequestSchema,
  registerRequestSchema,
  rotateKeysRequestSchema,
  routes,
  signedTimeSchema,
  timeType,
  timeTokenRequestSchema,
  tokenRequestSchema,
  type PullAnswer,
  type PushAnswer,
  type RegisterAnswer,
  type TimeTokenAnswer,
} from '#shared/http/contract.ts';
import { lastWordsRequestSchema, revocationRequestSchema } from '#shared/http/revocation.ts';
import { collectionNames } from '#shared/models/documents.ts';
import type { KeyRotation } from '../identity/key-rotation.ts';
import type { Kiosks } from '../identity/kiosks.ts';
import { callerOf, type RateLimit } from '../identity/rate-limit.ts';
import type { Registration } from '../identity/registration.ts';
import type { Revocation } from '../identity/revocation.ts';
import type { KioskIdentity, Tokens } from '../identity/tokens.ts';
import type { BackendKey } from '../keys/backend-key.ts';
import { appError } from '../platform/app-error.ts';
import type { createPull } from '../sync/pull.ts';
import type { TakeLastWords } from '../sync/last-words.ts';
import type { Push } from '../sync/push.ts';
import type { Streams } from '../sync/stream.ts';
import type { LiveLockApi } from '../vendor/live-lock-api.ts';
import type { Capacity } from './capacity.ts';
import { HttpFailure, parseOr400 } from './failures.ts';
import { spend } from './spend.ts';
import type { Caller, Turns } from './turns.ts';

export interface KioskServices {
  readonly registration: Registration;
  /** Per address: registrations that were refused. */
  readonly registrationLimit: RateLimit;
  /** Per address: all that is asked by whoever has not proved to be a kiosk. All kiosks of a chain may share one address. */
  readonly openLimit: RateLimit;
  /** Per kiosk: all that it asks. */
  readonly kioskLimit: RateLimit;
  readonly tokens: Tokens;
  readonly keyRotation: KeyRotation;
  readonly kiosks: Kiosks;
  readonly revocation: Revocation;
  readonly lastWords: TakeLastWords;
  readonly backendKey: BackendKey;
  readonly pull: ReturnType<typeof createPull>;
  readonly pushEnrolments: Push;
  readonly pushEvents: Push;
  readonly streams: Streams;
  readonly timeToken: LiveLockApi['timeToken'];
  /** Per kiosk: each of these requests costs the vendor a signature. */
  readonly timeTokenLimit: RateLimit;
  /** Per kiosk: enrolments that it sends. Each may cost the vendor a call, and all stores wait in one line for those. */
  readonly enrolmentLimit: RateLimit;
  /** Per kiosk: access events that it sends. */
  readonly eventLimit: RateLimit;
  /** Whether so many registrations of this kiosk or its store wait that no more may be put in line. */
  isLineFull(kiosk: KioskIdentity): Promise<boolean>;
  readonly capacity: Capacity;
  now(): number;
}

/** 500 enrolments with the largest certificates that the models allow. */
const pushBodyBytes = 12 * 1024 * 1024;
/** The vendor answers a few registrations a second. */
const fullLineMs = 10_000;
/** About twice as long as a piece of a page takes. */
const restMs = 2;
/** A revoked kiosk is known and forbidden; any other has to prove itself first. */
const statusOf = (error: AppError): number => (error.code === 'sync.revoked' ? 403 : 401);
/** Takes a turn that ends when the answer has been read, or nobody is there to read it. */
const untilClosed = async (turns: Turns, caller: Caller, reply: FastifyReply): Promise<void> => {
  const giveBack = await turns.take(caller, reply.raw);
  if (reply.raw.destroyed) giveBack();
  else reply.raw.once('close', giveBack);
};
const inTurn = async <T>(
  turns: Turns,
  caller: Caller,
  reply: FastifyReply,
  work: () => Promise<T>,
): Promise<T> => {
  const giveBack = await turns.take(caller, reply.raw);
  try {
    return await work();
  } finally {
    giveBack();
  }
};
/** Who asks for much at once gets it at a third of the speed: what it would take of this process beyond that is its neighbours'. */
const breathe = (isHurried: boolean): Promise<void> => (isHurried ? pause(restMs) : immediate());
const collectionSchema = z.strictObject({ collection: z.enum(collectionNames) });

export const registerKioskRoutes = (app: FastifyInstance, services: KioskServices): void => {
  const { capacity } = services;
  /** Who sent a request whose body was not read before that was known. */
  const proven = new WeakMap<FastifyRequest, KioskIdentity>();
  const authenticate = async (request: FastifyRequest): Promise<KioskIdentity> => {
    const token = /^Bearer ([\w.-]{1,4096})$/.exec(request.headers.authorization ?? '')?.[1];
    const identity = token === undefined ? fail('sync.refused') : await services.tokens.verify(token);
    if (!identity.ok) {
      spend(services.openLimit, callerOf(request.ip));
      throw new HttpFailure(401, identity.error);
    }
    spend(services.kioskLimit, identity.value.kioskId);
    const kiosk = await services.kiosks.requireActive(identity.value);
    if (!kiosk.ok) throw new HttpFailure(statusOf(kiosk.error), kiosk.error);
    return kiosk.value;
  };

  /** Counted before the body is read; in turn once it has come, because whoever sends it slowly would keep a turn from others. */
  const turnsOut = new WeakMap<FastifyRequest, () => void>();
  const open = {
    onRequest: (request: FastifyRequest, _reply: unknown, done: (failure?: Error) => void): void => {
      spend(services.openLimit, callerOf(request.ip));
      done();
    },
    preHandler: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const caller = callerOf(request.ip);
      const giveBack = await capacity.open.take({ storeId: caller, kioskId: caller }, reply.raw);
      turnsOut.set(request, giveBack);
      reply.raw.once('close', giveBack);
    },
    onSend: (request: FastifyRequest, _reply: unknown, _payload: unknown, done: () => void): void => {
      turnsOut.get(request)?.();
      done();
    },
  };

  app.post(routes.register, open, async (request, reply): Promise<RegisterAnswer> => {
    const caller = callerOf(request.ip);
    const waitMs = services.registrationLimit.waitMs(caller);
    if (waitMs > 0) throw new HttpFailure(429, appError('sync.registration_refused'), waitMs);
    const answer = await services.registration.register(parseOr400(registerRequestSchema, request.body));
    if (answer.ok) return reply.status(201).send(answer.value);
    if (answer.error.code === 'sync.registration_refused') {
      services.registrationLimit.count(caller);
      throw new HttpFailure(403, answer.error);
    }
    throw new HttpFailure(503, answer.error);
  });

  app.post(routes.token, open, async (request) => {
    const { client_assertion: assertion } = parseOr400(tokenRequestSchema, request.body);
    const issued = await services.tokens.issue(assertion);
    if (!issued.ok) throw new HttpFailure(statusOf(issued.error), issued.error);
    const { token, expiresIn, rotateKeys } = issued.value;
    return { access_token: token, token_type: 'Bearer', expires_in: expiresIn, rotate_keys: rotateKeys };
  });

  app.post(routes.rotateKeys, open, async (request) => {
    const rotated = await services.keyRotation.rotate(parseOr400(rotateKeysRequestSchema, request.body));
    if (!rotated.ok) throw new HttpFailure(statusOf(rotated.error), rotated.error);
    return { registered: true };
  });

  app.post(routes.revocation, open, async (request) => {
    const {
      client_assertion: assertion,
      nonce,
      ...claims
    } = parseOr400(revocationRequestSchema, request.body);
    const word = await services.revocation.wordFor(assertion, nonce, claims);
    if (!word.ok) throw new HttpFailure(statusOf(word.error), word.error);
    if (word.value === null) throw new HttpFailure(404, appError('sync.refused'));
    return { revocation: word.value };
  });

  app.post(routes.lastWords, open, async (request) => {
    const taken = await services.lastWords(parseOr400(lastWordsRequestSchema, request.body).sealed);
    if (!taken.ok) throw new HttpFailure(403, taken.error);
    return { receipt: taken.value };
  });

  app.get(routes.time, open, async (request) => {
    const { nonce } = parseOr400(signedTimeSchema.pick({ nonce: true }), request.query);
    const time = await new CompactSign(
      Buffer.from(JSON.stringify({ now: Math.round(services.now()), nonce })),
    )
      .setProtectedHeader({ alg: 'ES256', typ: timeType })
      .sign(services.backendKey.privateKey);
    return { time };
  });

  app.post(routes.timeTokens, async (request, reply): Promise<TimeTokenAnswer> => {
    const kiosk = await authenticate(request);
    const { kioskId } = kiosk;
    const { challenge } = parseOr400(timeTokenRequestSchema, request.body);
    spend(services.timeTokenLimit, kioskId);
    await untilClosed(capacity.timeTokens, kiosk, reply);
    const token = await services.timeToken(challenge);
    if (token === null) throw new HttpFailure(503, appError('sync.unreachable'));
    return { token };
  });

  app.get(routes.stream, async (request, reply) => {
    const kiosk = await authenticate(request);
    reply.hijack();
    services.streams.add(kiosk, reply.raw);
  });

  app.get(routes.sync, async (request, reply): Promise<PullAnswer> => {
    const kiosk = await authenticate(request);
    const { collection } = parseOr400(collectionSchema, request.params);
    if (collection === 'accessEvents') throw new HttpFailure(400, appError('ipc.bad_request'));
    const query = parseOr400(pullQuerySchema, request.query);
    // Until the answer has been read: who reads none gets no more of them made.
    await untilClosed(capacity.answers, kiosk, reply);
    const isHurried = (): boolean =>
      capacity.answers.isWaiting(kiosk.kioskId) || capacity.pulls.isWaiting(kiosk.kioskId);
    return inTurn(capacity.pulls, kiosk, reply, () =>
      services.pull(collection, kiosk, query, () => breathe(isHurried())),
    );
  });

  /** Large bodies are read from kiosks only, and few at a time: nobody gets to fill the memory. */
  const beforeBody = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const kiosk = await authenticate(request);
    await untilClosed(capacity.bodies, kiosk, reply);
    proven.set(request, kiosk);
  };
  const push = { bodyLimit: pushBodyBytes, onRequest: beforeBody };
  app.post(routes.sync, push, async (request, reply): Promise<PushAnswer> => {
    const kiosk = proven.get(request) ?? (await authenticate(request));
    const { collection } = parseOr400(collectionSchema, request.params);
    const pushed = parseOr400(pushRequestSchema, request.body);
    if (collection === 'enrolments') {
      spend(services.enrolmentLimit, kiosk.kioskId, pushed.rows.length);
      return inTurn(capacity.pushes, kiosk, reply, async () => {
        const isForLine = pushed.rows.some((row) => row['state'] === 'captured');
        if (isForLine && (await services.isLineFull(kiosk))) {
          throw new HttpFailure(429, appError('sync.unreachable'), fullLineMs);
        }
        return services.pushEnrolments(kiosk, pushed);
      });
    }
    if (collection === 'accessEvents') {
      spend(services.eventLimit, kiosk.kioskId, pushed.rows.length);
      return inTurn(capacity.pushes, kiosk, reply, () => services.pushEvents(kiosk, pushed));
    }
    throw new HttpFailure(400, appError('ipc.bad_request'));
  });
};
