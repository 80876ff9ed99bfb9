/** The API's description, made from the schemas that check the requests. */
import { z } from 'zod';
import {
  errorAnswerSchema,
  pullAnswerSchema,
  pullQuerySchema,
  pushAnswerSchema,
  pushRequestSchema,
  registerAnswerSchema,
  registerRequestSchema,
  rotateKeysAnswerSchema,
  rotateKeysRequestSchema,
  routes,
  signedTimeSchema,
  timeAnswerSchema,
  timeTokenAnswerSchema,
  timeTokenRequestSchema,
  tokenAnswerSchema,
  tokenRequestSchema,
} from '#shared/http/contract.ts';
import {
  lastWordsAnswerSchema,
  lastWordsRequestSchema,
  revocationAnswerSchema,
  revocationRequestSchema,
} from '#shared/http/revocation.ts';
import {
  eventsQuerySchema,
  importLockSchema,
  putStaffSchema,
  putStoreSchema,
  resolveSchema,
  revokeSchema,
} from '../admin/contract.ts';
import type { Operation } from './operation.ts';

const store = '/v1/admin/stores/:storeId';

const operations: readonly Operation[] = [
  { method: 'get', path: routes.live, summary: 'That the process is there', access: 'open', status: 200 },
  { method: 'get', path: routes.ready, summary: 'Whether it can do its work', access: 'open', status: 200 },
  { method: 'get', path: routes.health, summary: 'As /ready', access: 'open', status: 200 },
  {
    method: 'post',
    path: routes.register,
    summary: 'Register a kiosk with a one-time code',
    access: 'open',
    status: 201,
    body: registerRequestSchema,
    answer: registerAnswerSchema,
  },
  {
    method: 'post',
    path: routes.token,
    summary: 'Exchange a signed assertion for a token',
    access: 'open',
    status: 200,
    body: tokenRequestSchema,
    answer: tokenAnswerSchema,
  },
  {
    method: 'post',
    path: routes.rotateKeys,
    summary: 'Register new keys of a kiosk, signed with its old and its new one',
    access: 'open',
    status: 200,
    body: rotateKeysRequestSchema,
    answer: rotateKeysAnswerSchema,
  },
  {
    method: 'post',
    path: routes.revocation,
    summary: 'The signed word that a kiosk is revoked',
    access: 'open',
    status: 200,
    body: revocationRequestSchema,
    answer: revocationAnswerSchema,
  },
  {
    method: 'post',
    path: routes.lastWords,
    summary: 'Hand in what a revoked kiosk had not delivered',
    access: 'open',
    status: 200,
    body: lastWordsRequestSchema,
    answer: lastWordsAnswerSchema,
  },
  {
    method: 'get',
    path: routes.time,
    summary: 'Signed backend time',
    access: 'open',
    status: 200,
    query: signedTimeSchema.pick({ nonce: true }),
    answer: timeAnswerSchema,
  },
  {
    method: 'post',
    path: routes.timeTokens,
    summary: 'A time token for a lock that has lost the time',
    access: 'kiosk',
    status: 200,
    body: timeTokenRequestSchema,
    answer: timeTokenAnswerSchema,
  },
  {
    method: 'get',
    path: routes.stream,
    summary: 'Server-sent events: pull again',
    access: 'kiosk',
    status: 200,
  },
  {
    method: 'get',
    path: routes.sync,
    summary: 'Changes after a version',
    access: 'kiosk',
    status: 200,
    query: pullQuerySchema,
    answer: pullAnswerSchema,
  },
  {
    method: 'post',
    path: routes.sync,
    summary: 'Push enrolments or access events',
    access: 'kiosk',
    status: 200,
    body: pushRequestSchema,
    answer: pushAnswerSchema,
  },
  {
    method: 'put',
    path: store,
    summary: 'Make or change a store',
    access: 'admin',
    status: 204,
    body: putStoreSchema,
  },
  {
    method: 'post',
    path: `${store}/registration-codes`,
    summary: 'Make a one-time registration code',
    access: 'admin',
    status: 201,
  },
  {
    method: 'put',
    path: `${store}/staff/:staffId`,
    summary: 'Make or change a staff member',
    access: 'admin',
    status: 204,
    body: putStaffSchema,
  },
  {
    method: 'delete',
    path: `${store}/staff/:staffId`,
    summary: 'Remove a staff member',
    access: 'admin',
    status: 204,
  },
  {
    method: 'post',
    path: `${store}/locks`,
    summary: 'Import a lock',
    access: 'admin',
    status: 202,
    body: importLockSchema,
  },
  {
    method: 'post',
    path: `${store}/locks/:serialNumber/release`,
    summary: 'Order that a lock is given back to its maker',
    access: 'admin',
    status: 202,
  },
  {
    method: 'delete',
    path: `${store}/locks/:serialNumber/release`,
    summary: 'Take that order back',
    access: 'admin',
    status: 204,
  },
  { method: 'get', path: `${store}/locks`, summary: 'Locks of a store', access: 'admin', status: 200 },
  {
    method: 'get',
    path: `${store}/enrolments`,
    summary: 'Enrolments of a store',
    access: 'admin',
    status: 200,
  },
  {
    method: 'get',
    path: `${store}/kiosks`,
    summary: 'Kiosks of a store and the health of their journals',
    access: 'admin',
    status: 200,
  },
  {
    method: 'get',
    path: `${store}/events`,
    summary: 'Access events of a store',
    access: 'admin',
    status: 200,
    query: eventsQuerySchema,
  },
  {
    method: 'post',
    path: '/v1/admin/enrolments/:id/resolve',
    summary: 'Resolve an enrolment',
    access: 'admin',
    status: 200,
    body: resolveSchema,
  },
  {
    method: 'post',
    path: '/v1/admin/kiosks/:id/revoke',
    summary: 'Revoke a kiosk',
    access: 'admin',
    status: 204,
    body: revokeSchema,
  },
  {
    method: 'post',
    path: '/v1/admin/kiosks/:id/rotate-keys',
    summary: 'Ask a kiosk to take new keys',
    access: 'admin',
    status: 202,
  },
  {
    method: 'post',
    path: '/v1/admin/restored',
    summary: 'Have every kiosk take everything anew, and end all registration codes',
    access: 'admin',
    status: 200,
  },
  {
    method: 'post',
    path: '/v1/admin/trust/refresh',
    summary: 'Fetch the intermediate now',
    access: 'admin',
    status: 200,
  },
  {
    method: 'get',
    path: '/v1/admin/trust',
    summary: 'The intermediates that are kept, and what the last refresh came to',
    access: 'admin',
    status: 200,
  },
];

const jsonSchema = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
const json = (schema: z.ZodType): unknown => ({ 'application/json': { schema: jsonSchema(schema) } });

const describe = (operation: Operation): unknown => ({
  summary: operation.summary,
  security: operation.access === 'open' ? [] : [{ [operation.access]: [] }],
  parameters: [
    ...[...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(operation.query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      schema: schema instanceof z.ZodType ? jsonSchema(schema) : {},
    })),
  ],
  ...(operation.body ? { requestBody: { required: true, content: json(operation.body) } } : {}),
  responses: {
    [operation.status]: {
      description: 'Done',
      ...(operation.answer ? { content: json(operation.answer) } : {}),
    },
    default: { description: 'Failed', content: json(errorAnswerSchema) },
  },
});

export const openApiDocument = (): unknown => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  const bearer = { type: 'http', scheme: 'bearer' };
  return {
    openapi: '3.1.0',
    info: { title: 'Latchpoint backend', version: '1' },
    components: { securitySchemes: { kiosk: bearer, admin: bearer } },
    paths,
  };
};
