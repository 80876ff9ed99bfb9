/** What the routes of operators are put together from. */
import { z } from 'zod';
import { usualBytes } from '#shared/http/define.ts';
import { uuidSchema } from '#shared/models/primitives.ts';

/** Of rights: a rule for each of hundreds of groups, each with its holidays. */
export const rightsBytes = 1024 * 1024;

export const operator = {
  access: 'operator',
  errors: {},
  limit: { countedAs: 'guess', bytes: usualBytes },
} as const;
export const notFound = { 404: ['operator.not_found'] } as const;
/** Taken on; what it asks for happens later. */
export const accepted = { 202: null } as const;

export const store = '/v1/admin/stores/:storeId';
export const inStore = z.strictObject({ storeId: uuidSchema });
export const get = <const P extends `/${string}`, A extends z.ZodType>(path: P, answer: A) =>
  ({ ...operator, method: 'get', path, answers: { 200: answer } }) as const;
export const post = <const P extends `/${string}`>(path: P) =>
  ({ ...operator, method: 'post', path }) as const;
/** Changes what the path names; there is nothing to answer but that it is done. */
export const change = { ...operator, answers: { 204: null } } as const;
export const ofStore = { ...change, path: store, params: inStore } as const;
/** What a store has of something. */
export const listed = { params: inStore, errors: notFound } as const;
export const byId = { params: z.strictObject({ id: uuidSchema }), errors: notFound } as const;
