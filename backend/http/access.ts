/** What a request has to pass before its handler: a count of what it is counted as, and proof of who asks. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fail, type AppError } from '#shared/errors/app-error.ts';
import { usualBytes, type RouteDefinition } from '#shared/http/define.ts';
import { routes } from '#shared/http/routes.ts';
import type { Kiosks } from '../identity/kiosks.ts';
import { callerOf, type RateLimit } from '../identity/rate-limit.ts';
import type { KioskOfStore, Tokens } from '../identity/tokens.ts';
import type { Capacity } from './capacity.ts';
import { HttpFailure } from './failures.ts';
import type { Hooks } from './mount.ts';
import { spend } from './spend.ts';
import { untilClosed, type FairTurns } from './turns.ts';

export interface AccessPorts {
  /** By what a route is counted as (`RouteDefinition`). All kiosks of a chain may share one address. */
  readonly limits: Readonly<Record<'probe' | 'description' | 'open' | 'kiosk', RateLimit>>;
  readonly tokens: Tokens;
  readonly kiosks: Kiosks;
  readonly capacity: Capacity;
}

export interface Access {
  readonly hooksOf: (route: RouteDefinition) => Hooks;
  /** Who asks, on a route for kiosks. */
  readonly kioskOf: (request: FastifyRequest) => KioskOfStore;
}

/** A revoked kiosk is known and forbidden; any other has to prove itself first. */
export const statusOfDoubt = (error: AppError): number => (error.code === 'sync.revoked' ? 403 : 401);

export const createAccess = ({ limits, tokens, kiosks, capacity }: AccessPorts): Access => {
  const proven = new WeakMap<FastifyRequest, KioskOfStore>();
  const authenticate = async (request: FastifyRequest): Promise<KioskOfStore> => {
    const token = /^Bearer ([\w.-]{1,4096})$/.exec(request.headers.authorization ?? '')?.[1];
    const identity = token === undefined ? fail('sync.refused') : await tokens.verify(token);
    if (!identity.ok) {
      spend(limits.open, callerOf(request.ip));
      throw new HttpFailure(401, identity.error);
    }
    spend(limits.kiosk, identity.value.kioskId);
    const kiosk = await kiosks.requireActive(identity.value);
    if (!kiosk.ok) throw new HttpFailure(statusOfDoubt(kiosk.error), kiosk.error);
    proven.set(request, kiosk.value);
    return kiosk.value;
  };

  const ofKiosk: Hooks = {
    preHandler: async (request) => {
      await authenticate(request);
    },
  };
  /** Large bodies are read from kiosks only, and few at a time: nobody gets to fill the memory. */
  const withLargeBody: Hooks = {
    onRequest: async (request, reply) => {
      await untilClosed(capacity.bodies, await authenticate(request), reply);
    },
  };

  const counted = (limit: RateLimit): Hooks => ({
    onRequest: (request, _reply, done) => {
      spend(limit, callerOf(request.ip));
      done();
    },
  });
  /** Counted before the body is read; in turn once it has come, because whoever sends it slowly would keep a turn from others. */
  const turnsOut = new WeakMap<FastifyRequest, () => void>();
  const inTurnOf = (turns: FairTurns): Hooks => ({
    ...counted(limits.open),
    preHandler: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const caller = callerOf(request.ip);
      const giveBack = await turns.take({ storeId: caller, kioskId: caller }, reply.raw);
      turnsOut.set(request, giveBack);
      reply.raw.once('close', giveBack);
    },
    onSend: (request, _reply, _payload, done) => {
      turnsOut.get(request)?.();
      done();
    },
  });
  const [forToken, forOthers] = [inTurnOf(capacity.tokens), inTurnOf(capacity.open)];

  return {
    hooksOf: ({ path, limit: { countedAs, bytes } }) => {
      if (countedAs === 'kiosk') return bytes > usualBytes ? withLargeBody : ofKiosk;
      if (countedAs === 'open') return path === routes.token.path ? forToken : forOthers;
      return countedAs === 'guess' ? {} : counted(limits[countedAs]);
    },
    kioskOf: (request) => {
      const kiosk = proven.get(request);
      if (!kiosk) throw new Error('a kiosk that was not asked to prove itself');
      return kiosk;
    },
  };
};
