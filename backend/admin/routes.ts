/** The routes that an operator's tools call. A row in the journal of operators is left by each that changes something. */
import { defineRoute } from '#shared/http/define.ts';
import { sealingStateSchema } from '../keys/secret-change.ts';
import { replicaStateSchema } from '../store/replica-gate.ts';
import {
  codeAnswerSchema,
  eventsAnswerSchema,
  kiosksAnswerSchema,
  refreshAnswerSchema,
  restoredAnswerSchema,
  storesAnswerSchema,
  trustAnswerSchema,
} from './answers.ts';
import {
  eventsQuerySchema,
  journalQuerySchema,
  putDistrictOfStoreSchema,
  putStoreSchema,
  revokeSchema,
} from './contract.ts';
import { journalRoutes } from './journal-routes.ts';
import { listRoutes } from './list-routes.ts';
import { lockRoutes } from './lock-routes.ts';
import { lockWordRoutes } from './lock-word-routes.ts';
import { journalAnswerSchema } from './operator-acts.ts';
import { organisationRoutes } from './organisation-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { rightsRoutes } from './rights-routes.ts';
import {
  byId,
  change,
  get,
  inStore,
  listed,
  notFound,
  ofStore,
  post,
  store,
  accepted,
} from './parts-of-routes.ts';
import { staffRoutes } from './staff-routes.ts';

/** Those that are asked and answered in JSON. */
export const jsonRoutes = {
  ...organisationRoutes,
  ...staffRoutes,
  ...rightsRoutes,
  ...lockRoutes,
  ...lockWordRoutes,
  ...peopleRoutes,
  stores: defineRoute({
    ...get('/v1/admin/stores', storesAnswerSchema),
    summary: 'Stores, with what is set for each',
  }),
  putStore: defineRoute({
    ...ofStore,
    method: 'put',
    summary: 'Make or change a store',
    body: putStoreSchema,
  }),
  drawCode: defineRoute({
    ...post(`${store}/registration-codes`),
    summary: 'Make a one-time registration code',
    params: inStore,
    answers: { 201: codeAnswerSchema },
    errors: notFound,
  }),
  moveStore: defineRoute({
    ...ofStore,
    method: 'put',
    path: `${store}/district`,
    summary: 'Move a store into a district, or out of its district',
    body: putDistrictOfStoreSchema,
    errors: { ...notFound, 409: ['operator.badge_shared'] },
  }),
  kiosks: defineRoute({
    ...get(`${store}/kiosks`, kiosksAnswerSchema),
    ...listed,
    summary: 'Kiosks of a store and the health of their journals',
  }),
  events: defineRoute({
    ...get(`${store}/events`, eventsAnswerSchema),
    ...listed,
    summary: 'Access events of a store, or of one of its places whichever lock was in it',
    query: eventsQuerySchema,
  }),
  revokeKiosk: defineRoute({
    ...change,
    ...post('/v1/admin/kiosks/:id/revoke'),
    ...byId,
    summary: 'Revoke a kiosk',
    body: revokeSchema,
  }),
  askForRotation: defineRoute({
    ...post('/v1/admin/kiosks/:id/rotate-keys'),
    ...byId,
    summary: 'Ask a kiosk to take new keys',
    answers: accepted,
  }),
  declareRestored: defineRoute({
    ...post('/v1/admin/restored'),
    summary: 'Have every kiosk take everything anew, and end all registration codes',
    answers: { 200: restoredAnswerSchema },
  }),
  journal: defineRoute({
    ...get('/v1/admin/journal', journalAnswerSchema),
    summary: 'What operators did, the newest first',
    query: journalQuerySchema,
  }),
  refreshTrust: defineRoute({
    ...post('/v1/admin/trust/refresh'),
    summary: 'Fetch the intermediate and the revocation list now',
    answers: { 200: refreshAnswerSchema },
  }),
  trust: defineRoute({
    ...get('/v1/admin/trust', trustAnswerSchema),
    summary:
      'The intermediates that are kept, how it stands with what is revoked, and what the last refresh came to',
  }),
  sealing: defineRoute({
    ...get('/v1/admin/sealing', sealingStateSchema),
    summary: 'Whether SEALING_SECRET_PREVIOUS is still needed, and how many stored keys no secret opens',
  }),
  replica: defineRoute({
    ...get('/v1/admin/replica', replicaStateSchema),
    summary:
      'Whether this instance reads pages of pulls at a replica, why not, and how many each server gave',
  }),
} as const;

export const operatorRoutes = { ...jsonRoutes, ...listRoutes, ...journalRoutes } as const;
