/** What the backend answers in its tests, held against the contract of the route: status, error and body. */
import { expect } from 'vitest';
import { errorsOf } from '#backend/http/openapi.ts';
import { operatorRoutes } from '#backend/admin/routes.ts';
import { errorAnswerSchema } from '#shared/http/contract.ts';
import type { RouteDefinition } from '#shared/http/define.ts';
import { routes } from '#shared/http/routes.ts';

const table: readonly RouteDefinition[] = Object.values({ ...routes, ...operatorRoutes });
const patterns = table.map((route) => ({
  route,
  path: new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`),
}));

const routeOf = (url: string, method: string): RouteDefinition | undefined =>
  // What is named in full goes before what is a parameter: the stream is no collection.
  patterns.find(({ route, path }) => route.method === method && path.test(new URL(url).pathname))?.route;

/** `fetch`, and fails where what comes back is not what the route is described to answer. */
export const fetchAsDescribed = async (url: string, init: RequestInit = {}): Promise<Response> => {
  const response = await fetch(url, init);
  const route = routeOf(url, (init.method ?? 'GET').toLowerCase());
  // A stream does not end, and what is not a route is described by nobody.
  if (!route || (route.answersAs !== undefined && response.ok)) return response;
  const text = await response.clone().text();
  const of = `${route.method} ${route.path}: ${response.status} ${text.slice(0, 200)}`;
  const schema = Object.entries(route.answers).find(([status]) => Number(status) === response.status)?.[1];
  if (schema) expect([of, schema.safeParse(JSON.parse(text)).error?.issues]).toEqual([of, undefined]);
  else if (schema === null) expect([of, text]).toEqual([of, '']);
  else {
    const { code } = errorAnswerSchema.parse(JSON.parse(text)).error;
    expect([of, ...(errorsOf(route).get(response.status) ?? [])]).toContain(code);
  }
  return response;
};
