/** What kiosks call: what each route of `shared/http/routes.ts` does. */
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import { CompactSign } from 'jose';
import { timeType } from '#shared/http/contract.ts';
import type { routes } from '#shared/http/routes.ts';
import type { Result } from '#shared/errors/app-error.ts';
import type { KioskKeyRotation } from '../identity/key-rotation.ts';
import { callerOf, type RateLimit } from '../identity/rate-limit.ts';
import type { KioskRegistrations } from '../identity/registration.ts';
import type { RevocationWords } from '../identity/revocation.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { BackendKey } from '../keys/backend-key.ts';
import { appError } from '../platform/app-error.ts';
import type { LookForNews } from '../sync/no-news.ts';
import type { Pull } from '../sync/pull.ts';
import type { TakeLastWords } from '../sync/last-words.ts';
import type { Push } from '../sync/push.ts';
import type { Streams } from '../sync/stream.ts';
import type { LiveLockApi } from '../live-lock/live-lock-api.ts';
import { statusOfDoubt, type Access, type AccessPorts } from './access.ts';
import { HttpFailure } from './failures.ts';
import { sent, type Handlers } from './mount.ts';
import { spend } from './spend.ts';
import { inTurn, untilClosed } from './turns.ts';

type KioskRoutes = Omit<typeof routes, 'live' | 'ready' | 'health' | 'description'>;

export interface KioskServices extends Pick<AccessPorts, 'tokens' | 'capacity'> {
  readonly registration: KioskRegistrations;
  /** Per address: registrations that were refused. */
  readonly registrationLimit: RateLimit;
  readonly keyRotation: KioskKeyRotation;
  readonly revocation: RevocationWords;
  readonly lastWords: TakeLastWords;
  readonly backendKey: BackendKey;
  readonly lookForNews: LookForNews;
  readonly pull: Pull;
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
  isLineFull(kiosk: KioskOfStore): Promise<boolean>;
  now(): number;
}

/** The vendor answers a few registrations a second. */
const fullLineMs = 10_000;
/** About twice as long as a piece of a page takes. */
const restMs = 2;
/** Who asks for much at once gets it at a third of the speed: what it would take of this process beyond that is its neighbours'. */
const breathe = (isHurried: boolean): Promise<void> => (isHurried ? pause(restMs) : immediate());

const believed = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new HttpFailure(statusOfDoubt(result.error), result.error);
};

export const kioskHandlers = (services: KioskServices, kioskOf: Access['kioskOf']): Handlers<KioskRoutes> => {
  const { capacity } = services;
  return {
    register: async ({ body, request }) => {
      const caller = callerOf(request.ip);
      const waitMs = services.registrationLimit.waitMs(caller);
      if (waitMs > 0) throw new HttpFailure(429, appError('sync.registration_refused'), waitMs);
      const registered = await services.registration.register(body());
      if (registered.ok) return registered.value;
      if (registered.error.code !== 'sync.registration_refused') throw new HttpFailure(503, registered.error);
      services.registrationLimit.count(caller);
      throw new HttpFailure(403, registered.error);
    },

    token: async ({ body }) => {
      const { token, expiresIn, rotateKeys } = believed(await services.tokens.issue(body().client_assertion));
      return { access_token: token, token_type: 'Bearer', expires_in: expiresIn, rotate_keys: rotateKeys };
    },

    rotateKeys: async ({ body }) => {
      believed(await services.keyRotation.rotate(body()));
      return { registered: true };
    },

    revocation: async ({ body }) => {
      const { client_assertion: assertion, nonce, ...claims } = body();
      const revocation = believed(await services.revocation.wordFor(assertion, nonce, claims));
      if (revocation === null) throw new HttpFailure(404, appError('sync.refused'));
      return { revocation };
    },

    lastWords: async ({ body }) => {
      const taken = await services.lastWords(body().sealed);
      if (!taken.ok) throw new HttpFailure(403, taken.error);
      return { receipt: taken.value };
    },

    time: async ({ query: { nonce } }) => ({
      time: await new CompactSign(Buffer.from(JSON.stringify({ now: Math.round(services.now()), nonce })))
        .setProtectedHeader({ alg: 'ES256', typ: timeType })
        .sign(services.backendKey.privateKey),
    }),

    timeTokens: async ({ body, request, reply }) => {
      const kiosk = kioskOf(request);
      const { challenge } = body();
      spend(services.timeTokenLimit, kiosk.kioskId);
      await untilClosed(capacity.timeTokens, kiosk, reply);
      const token = await services.timeToken(challenge);
      if (token === null) throw new HttpFailure(503, appError('sync.unreachable'));
      return { token };
    },

    stream: ({ request, reply }) => {
      reply.hijack();
      services.streams.add(kioskOf(request), reply.raw);
      return Promise.resolve(sent);
    },

    pull: async ({ params: { collection }, query, request, reply }) => {
      const kiosk = kioskOf(request);
      // Until the answer has been read: who reads none gets no more of them made.
      await untilClosed(capacity.answers, kiosk, reply);
      const news = await services.lookForNews(collection, kiosk, query);
      if ('nothing' in news) return news.nothing;
      const isHurried = (): boolean =>
        capacity.answers.isWaiting(kiosk.kioskId) || capacity.pulls.isWaiting(kiosk.kioskId);
      return inTurn(capacity.pulls, kiosk, reply, () =>
        services.pull(collection, kiosk, query, news.found, () => breathe(isHurried())),
      );
    },

    push: async ({ params: { collection }, body, request, reply }) => {
      const kiosk = kioskOf(request);
      const pushed = body();
      const isEvents = collection === 'accessEvents';
      spend(isEvents ? services.eventLimit : services.enrolmentLimit, kiosk.kioskId, pushed.rows.length);
      const carryOut = async () => {
        if (isEvents) return services.pushEvents(kiosk, pushed);
        const isForLine = pushed.rows.some((row) => row['state'] === 'captured');
        if (isForLine && (await services.isLineFull(kiosk))) {
          throw new HttpFailure(429, appError('sync.unreachable'), fullLineMs);
        }
        return services.pushEnrolments(kiosk, pushed);
      };
      return inTurn(
        capacity.pushes,
        kiosk,
        reply,
        carryOut,
        () => capacity.bodies.isWaiting(kiosk.kioskId) || capacity.pushes.isWaiting(kiosk.kioskId),
      );
    },
  };
};
