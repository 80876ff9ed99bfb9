/** The API's description: a map over the routes that are mounted, made from the schemas that check the requests. */
import { z } from 'zod';
import type { ErrorCode } from '#shared/errors/table.ts';
import { errorAnswerSchema } from '#shared/http/contract.ts';
import { usualErrors, type RouteDefinition } from '#shared/http/define.ts';
import { routes } from '#shared/http/routes.ts';
import { operatorRoutes } from '../admin/routes.ts';

const jsonSchema = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
const content = (schema: z.ZodType, types: string | readonly string[] = 'application/json'): unknown =>
  Object.fromEntries([types].flat().map((type) => [type, { schema: jsonSchema(schema) }]));
const file = { type: 'string', format: 'binary' };
const bodyContent = ({ body, takes }: RouteDefinition): unknown =>
  takes ? Object.fromEntries(takes.map((type) => [type, { schema: file }])) : body && content(body);
const parameters = (schema: z.ZodObject | undefined, place: 'path' | 'query'): unknown[] =>
  Object.entries(schema?.shape ?? {}).map(([name, value]) => ({
    name,
    in: place,
    schema: value instanceof z.ZodType ? jsonSchema(value) : {},
    required: value instanceof z.ZodType && !value.safeParse(undefined).success,
  }));

/** What a route may answer that fails, by status: its own, those of its access, and those that any request may get. */
export const errorsOf = ({
  access,
  errors,
  ...route
}: RouteDefinition): ReadonlyMap<number, Set<ErrorCode>> => {
  const isOperator = access === 'operator';
  const isRead = [route.params, route.query, route.body].some((schema) => schema !== undefined);
  const every: RouteDefinition['errors'] = {
    ...(isRead ? { 400: [isOperator ? 'operator.bad_value' : 'ipc.bad_request'] } : {}),
    ...(route.method === 'get' ? {} : { 413: [isOperator ? 'operator.bad_body' : 'ipc.bad_request'] }),
    500: ['internal.unexpected'],
    503: ['sync.unreachable'],
  };
  const byStatus = new Map<number, Set<ErrorCode>>();
  for (const some of [
    every,
    isOperator ? { 400: ['operator.bad_body'] as const } : {},
    usualErrors[access],
    errors,
  ]) {
    for (const [status, codes] of Object.entries(some)) {
      byStatus.set(Number(status), new Set([...(byStatus.get(Number(status)) ?? []), ...codes]));
    }
  }
  return byStatus;
};

/** `name`: the route's in the contract, which a client that is generated calls it by. */
const describe = (name: string, route: RouteDefinition): unknown => {
  const { summary, access, params, query, body, answers, answersAs } = route;
  const responses: Record<string, unknown> = {};
  for (const [status, codes] of errorsOf(route)) {
    const description = `Failed: ${[...codes].join(', ')}`;
    responses[status] = { description, content: content(errorAnswerSchema) };
  }
  for (const [status, schema] of Object.entries(answers)) {
    const description = Number(status) < 400 ? 'Done' : 'Not now';
    responses[status] = {
      description,
      ...(schema ? { content: content(schema, Number(status) < 400 ? answersAs : undefined) } : {}),
    };
  }
  return {
    operationId: name,
    summary,
    security: access === 'open' ? [] : [{ [access]: [] }],
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(body
      ? { requestBody: { required: !body.safeParse(undefined).success, content: bodyContent(route) } }
      : {}),
    responses,
  };
};

export const openApiDocument = (): unknown => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries({ ...routes, ...operatorRoutes })) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describe(name, route) };
  }
  const bearer = { type: 'http', scheme: 'bearer' };
  return {
    openapi: '3.1.0',
    info: { title: 'Latchpoint backend', version: '1' },
    components: { securitySchemes: { kiosk: bearer, operator: bearer } },
    paths,
  };
};
