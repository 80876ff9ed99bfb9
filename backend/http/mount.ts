/** Puts the contract's routes on a server, each with its handler: one that is missing does not compile. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import {
  successOf,
  type RouteAnswer,
  type RouteBody,
  type RouteDefinition,
  type RouteParams,
  type RouteQuery,
} from '#shared/http/define.ts';
import { parseOr400 } from './failures.ts';

export type RouteTable = Readonly<Record<string, RouteDefinition>>;

/** One request as the contract has it. */
export interface RouteRequest<R extends RouteDefinition> {
  readonly params: RouteParams<R>;
  readonly query: RouteQuery<R>;
  /** Parsed when it is asked for, so that an act whose body cannot be taken is an act that failed. Throws 400. */
  readonly body: () => RouteBody<R>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Of a handler that has answered by `reply` itself. */
export const sent = Symbol('sent');

/** Answers with the body of success, or with that of another status that it has set. */
type Handler<R extends RouteDefinition> = (asked: RouteRequest<R>) => Promise<RouteAnswer<R> | typeof sent>;
export type Handlers<T extends RouteTable> = { readonly [N in keyof T]: Handler<T[N]> };

export type Hooks = Pick<RouteShorthandOptions, 'onRequest' | 'preHandler' | 'onSend'>;

/** `hooksOf`: what a request has to pass before its handler, by the route's access and limit. */
export const mountRoutes = <T extends RouteTable>(
  app: FastifyInstance,
  table: T,
  handlers: Handlers<T>,
  hooksOf: (route: RouteDefinition) => Hooks = () => ({}),
): void => {
  const mount = <R extends RouteDefinition>(route: R, handle: Handler<R>): void => {
    const { params, query, body, limit } = route;
    const parse = (schema: RouteDefinition['body'], value: unknown): unknown =>
      schema === undefined ? undefined : parseOr400(schema, value);
    app.route({
      ...hooksOf(route),
      method: route.method,
      url: route.path,
      bodyLimit: limit.bytes,
      // Load balancers ask with HEAD whether the backend is there. Elsewhere it would run what the GET does, such as take a stream.
      exposeHeadRoute: limit.countedAs === 'probe',
      handler: async (request, reply) => {
        void reply.status(successOf(route).status);
        const answer = await handle({
          params: parse(params, request.params) as RouteParams<R>,
          query: parse(query, request.query) as RouteQuery<R>,
          body: () => parse(body, request.body) as RouteBody<R>,
          request,
          reply,
        });
        return answer === sent ? reply : (answer ?? reply.send());
      },
    });
  };
  for (const name of Object.keys(table) as (keyof T & string)[]) {
    const route = table[name];
    if (route) mount(route, handlers[name]);
  }
};
