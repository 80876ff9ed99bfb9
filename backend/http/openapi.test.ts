/** The description and the server, held against each other: nothing is mounted that is not described, and the other way round. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { routes } from '#shared/http/routes.ts';
import { operatorRoutes } from '../admin/routes.ts';
import { openApiDocument } from './openapi.ts';
import { createCapacity } from './capacity.ts';
import { createServer } from './server.ts';

const responseSchema = z.looseObject({
  content: z.record(z.string(), z.object({ schema: z.looseObject({}) })).optional(),
});
const operationSchema = z.looseObject({
  operationId: z.string(),
  parameters: z.array(
    z.looseObject({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean() }),
  ),
  responses: z.record(z.string(), responseSchema),
});
const described = z
  .looseObject({
    openapi: z.literal('3.1.0'),
    paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  })
  .parse(openApiDocument());
const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** `get /v1/time`, for each route that Fastify says it has. */
const mounted = async (): Promise<string[]> => {
  // No handler runs: only those who are asked need services.
  const ports = {
    trustedProxies: [],
    answerMs: 1_000,
    maxConnections: 1,
    access: { limits: {} },
    kiosk: { capacity: createCapacity() },
    admin: { operators: [] },
  };
  const app = createServer(ports as never);
  await app.ready();
  const above: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent, name, methods] = /^(.*?)[├└]── (\S+) \((.*)\)$/.exec(line) ?? [];
      if (indent === undefined || name === undefined || methods === undefined) return [];
      const depth = indent.length / 4;
      const path = (above[depth - 1] ?? '') + name;
      above[depth] = path;
      const own = methods.toLowerCase().split(', ');
      return own.map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    });
};

it('every route that is described is mounted, and every one that is mounted is described', async () => {
  // Whoever asks whether the backend is there may do so with HEAD.
  const heads = ['/live', '/ready', '/v1/health'].map((path) => `head ${path}`);
  const all = operations.map(({ method, path }) => `${method} ${path}`);
  expect((await mounted()).toSorted()).toEqual([...all, ...heads].toSorted());
  expect(all).toHaveLength(Object.keys({ ...routes, ...operatorRoutes }).length);
});

it('each call has the name that it has in the contract, for whoever generates a client', () => {
  const of = (call: { readonly method: string; readonly path: string }): string =>
    `${call.method} ${call.path.replace(/:(\w+)/g, '{$1}')}`;
  const contract = Object.entries<{ method: string; path: string }>({ ...routes, ...operatorRoutes });
  // Two of one name would be one here.
  const named = new Map(operations.map((each) => [each.operation.operationId, of(each)]));
  expect(named).toEqual(new Map(contract.map(([name, route]) => [name, of(route)])));
  // What every generator takes for a function's name.
  expect([...named.keys()].filter((name) => !/^[a-z][A-Za-z\d]*$/.test(name))).toEqual([]);
});

it.each(operations)('$method $path says what it answers, by status', ({ path, operation }) => {
  const { parameters, responses } = operation;
  const statuses = Object.keys(responses).map(Number);
  const successes = statuses.filter((status) => status < 300);
  expect(successes).toHaveLength(1);
  expect(statuses).toContain(503);
  for (const [status, { content }] of Object.entries(responses)) {
    const isEmpty = ['204'].includes(status) || (status === '202' && content === undefined);
    // A file has as many types as it comes in.
    const isFile = Object.keys(content ?? {}).some((type) => type !== 'application/json');
    const types = Object.keys(content ?? {}).length;
    expect([status, isFile ? Math.min(types, 1) : types]).toEqual([status, isEmpty ? 0 : 1]);
  }
  const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
  expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
});

it('no answer of an operator’s route is left open', () => {
  const open = operations
    .filter(({ path }) => path.startsWith('/v1/admin/'))
    .flatMap(({ path, method, operation }) =>
      Object.values(operation.responses).flatMap(({ content }) =>
        Object.values(content ?? {}).map(({ schema }) => ({ path, method, schema })),
      ),
    )
    .filter(({ schema }) => Object.keys(schema).every((key) => key === '$schema'));
  expect(open).toEqual([]);
});
