/**
 * The routes that kiosks and monitoring call. The backend mounts a handler for each, the kiosk calls them by name, and the API's
 * description is a map over them. Shapes are in `contract.ts` and `revocation.ts`; operators' routes are the backend's own.
 */
import { z } from 'zod';
import { collectionNames } from '../models/documents.ts';
import {
  pullAnswerSchema,
  pullQuerySchema,
  pushAnswerSchema,
  pushRequestSchema,
  readyAnswerSchema,
  registerAnswerSchema,
  registerRequestSchema,
  rotateKeysAnswerSchema,
  rotateKeysRequestSchema,
  signedTimeSchema,
  timeAnswerSchema,
  timeTokenAnswerSchema,
  timeTokenRequestSchema,
  tokenAnswerSchema,
  tokenRequestSchema,
  unreadyAnswerSchema,
} from './contract.ts';
import { defineRoute, usualBytes } from './define.ts';
import {
  lastWordsAnswerSchema,
  lastWordsRequestSchema,
  revocationAnswerSchema,
  revocationRequestSchema,
} from './revocation.ts';

const probe = {
  method: 'get',
  access: 'open',
  errors: {},
  limit: { countedAs: 'probe', bytes: usualBytes },
} as const;
const readiness = { ...probe, answers: { 200: readyAnswerSchema, 503: unreadyAnswerSchema } } as const;
/** Asked by whoever has not proved to be a kiosk, or proves it with the request. */
const open = { access: 'open', limit: { countedAs: 'open', bytes: usualBytes } } as const;
const kiosk = { access: 'kiosk', limit: { countedAs: 'kiosk', bytes: usualBytes } } as const;
const notBelieved = { 401: ['sync.refused'], 403: ['sync.revoked'] } as const;

export const routes = {
  live: defineRoute({
    ...probe,
    path: '/live',
    summary: 'That the process is there; says nothing of the database',
    answers: { 200: z.object({ status: z.literal('alive') }) },
  }),
  ready: defineRoute({ ...readiness, path: '/ready', summary: 'Whether it can do its work' }),
  /** For what was set up before there was `ready`. */
  health: defineRoute({ ...readiness, path: '/v1/health', summary: 'As /ready' }),
  description: defineRoute({
    ...probe,
    path: '/v1/openapi.json',
    summary: 'This description',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
    limit: { countedAs: 'description', bytes: usualBytes },
  }),
  register: defineRoute({
    ...open,
    method: 'post',
    path: '/v1/kiosks',
    summary: 'Register a kiosk with a one-time code',
    body: registerRequestSchema,
    answers: { 201: registerAnswerSchema },
    errors: { 403: ['sync.registration_refused'], 429: ['sync.registration_refused'] },
  }),
  token: defineRoute({
    ...open,
    method: 'post',
    path: '/v1/token',
    summary: 'Exchange a signed assertion for a token',
    body: tokenRequestSchema,
    answers: { 200: tokenAnswerSchema },
    errors: notBelieved,
  }),
  rotateKeys: defineRoute({
    ...open,
    method: 'post',
    path: '/v1/kiosks/keys',
    summary: 'Register new keys of a kiosk, signed with its old and its new one',
    body: rotateKeysRequestSchema,
    answers: { 200: rotateKeysAnswerSchema },
    errors: notBelieved,
  }),
  revocation: defineRoute({
    ...open,
    method: 'post',
    path: '/v1/kiosks/revocation',
    summary: 'The signed word that a kiosk is revoked; 404 where it is not',
    body: revocationRequestSchema,
    answers: { 200: revocationAnswerSchema },
    errors: { 401: ['sync.refused'], 404: ['sync.refused'] },
  }),
  lastWords: defineRoute({
    ...open,
    method: 'post',
    path: '/v1/kiosks/last-words',
    summary: 'Hand in what a revoked kiosk had not delivered',
    body: lastWordsRequestSchema,
    answers: { 200: lastWordsAnswerSchema },
    errors: { 403: ['sync.refused'] },
  }),
  time: defineRoute({
    ...open,
    method: 'get',
    path: '/v1/time',
    summary: 'Signed backend time',
    query: signedTimeSchema.pick({ nonce: true }),
    answers: { 200: timeAnswerSchema },
    errors: {},
  }),
  timeTokens: defineRoute({
    ...kiosk,
    method: 'post',
    path: '/v1/time-tokens',
    summary: 'A time token for a lock that has lost the time',
    body: timeTokenRequestSchema,
    answers: { 200: timeTokenAnswerSchema },
    errors: {},
  }),
  stream: defineRoute({
    ...kiosk,
    method: 'get',
    path: '/v1/sync/stream',
    summary: 'Server-sent events: pull again',
    answers: { 200: z.string() },
    answersAs: 'text/event-stream',
    errors: {},
  }),
  pull: defineRoute({
    ...kiosk,
    method: 'get',
    path: '/v1/sync/:collection',
    summary: 'Changes after a version',
    params: z.strictObject({ collection: z.enum(collectionNames).exclude(['accessEvents']) }),
    query: pullQuerySchema,
    answers: { 200: pullAnswerSchema },
    errors: {},
  }),
  push: defineRoute({
    ...kiosk,
    method: 'post',
    path: '/v1/sync/:collection',
    summary: 'Push enrolments or access events',
    params: z.strictObject({ collection: z.enum(['enrolments', 'accessEvents']) }),
    body: pushRequestSchema,
    answers: { 200: pushAnswerSchema },
    errors: {},
    // 500 enrolments with the largest certificates that the models allow.
    limit: { countedAs: 'kiosk', bytes: 12 * 1024 * 1024 },
  }),
} as const;
