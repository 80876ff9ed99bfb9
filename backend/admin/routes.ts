/** The routes that an operator's tools call. A row in the journal of operators is left by each that changes something. */
import { z } from 'zod';
import { defineRoute, usualBytes } from '#shared/http/define.ts';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import { sealingStateSchema } from '../keys/secret-change.ts';
import {
  acceptedSchema,
  codeAnswerSchema,
  enrolmentsAnswerSchema,
  eventsAnswerSchema,
  groupMaySchema,
  kiosksAnswerSchema,
  locksAnswerSchema,
  mergedRightsSchema,
  personMaySchema,
  refreshAnswerSchema,
  restoredAnswerSchema,
  rightsAnswerSchema,
  staffAnswerSchema,
  storesAnswerSchema,
  trustAnswerSchema,
} from './answers.ts';
import {
  enrolmentsQuerySchema,
  eventsQuerySchema,
  groupMayQuerySchema,
  importLockSchema,
  journalQuerySchema,
  personMayQuerySchema,
  putDistrictOfStoreSchema,
  putBadgeSchema,
  putLockSchema,
  putRightsSchema,
  putStaffSchema,
  putStoreSchema,
  resolveSchema,
  revokeSchema,
} from './contract.ts';
import { journalRoutes } from './journal-routes.ts';
import { listRoutes } from './list-routes.ts';
import { lockWordRoutes } from './lock-word-routes.ts';
import { journalAnswerSchema } from './operator-acts.ts';
import { placeAnswerSchema, placesAnswerSchema } from './places.ts';
import { peopleRoutes } from './people-routes.ts';
import { organisationRoutes, rightsBytes } from './organisation-routes.ts';

const operator = {
  access: 'operator',
  errors: {},
  limit: { countedAs: 'guess', bytes: usualBytes },
} as const;
const notFound = { 404: ['operator.not_found'] } as const;
/** Taken; what it asks for happens later. */
const taken = { 202: null } as const;

const store = '/v1/admin/stores/:storeId';
const lock = `${store}/locks/:serialNumber` as const;
const inStore = z.strictObject({ storeId: uuidSchema });
const get = <const P extends `/${string}`, A extends z.ZodType>(path: P, answer: A) =>
  ({ ...operator, method: 'get', path, answers: { 200: answer } }) as const;
const post = <const P extends `/${string}`>(path: P) => ({ ...operator, method: 'post', path }) as const;
/** Changes what the path names; there is nothing to answer but that it is done. */
const change = { ...operator, answers: { 204: null } } as const;
const ofStore = { ...change, path: store, params: inStore } as const;
const ofStaff = {
  ...change,
  path: `${store}/staff/:staffId`,
  params: inStore.extend({ staffId: uuidSchema }),
  errors: notFound,
} as const;
const ofBadges = { ...ofStaff, path: `${store}/staff/:staffId/badges` } as const;
const ofLock = {
  ...change,
  path: lock,
  params: inStore.extend({ serialNumber: serialNumberSchema }),
  errors: notFound,
} as const;
/** What a store has of something. */
const listed = { params: inStore, errors: notFound } as const;
const byId = { params: z.strictObject({ id: uuidSchema }), errors: notFound } as const;

/** Those that are asked and answered in JSON. */
export const jsonRoutes = {
  ...organisationRoutes,
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
  putStaff: defineRoute({
    ...ofStaff,
    method: 'put',
    summary: 'Make or change a staff member; one who is there keeps their PIN where none is given',
    body: putStaffSchema,
    errors: { ...notFound, 422: ['staff.weak_pin'] },
  }),
  dismissStaff: defineRoute({ ...ofStaff, method: 'delete', summary: 'Remove a staff member' }),
  giveBadge: defineRoute({
    ...ofBadges,
    method: 'put',
    summary:
      'Give a staff member a badge, by its number, which is kept nowhere; a blocked one of theirs is good again',
    body: putBadgeSchema,
    errors: { ...notFound, 409: ['badge.of_another', 'badge.blocked_of_another', 'operator.badge_shared'] },
  }),
  blockBadges: defineRoute({
    ...ofBadges,
    method: 'delete',
    summary: 'Block every badge that a staff member has',
  }),
  staff: defineRoute({
    ...get(`${store}/staff`, staffAnswerSchema),
    ...listed,
    summary: 'Who may sign in at a store',
  }),
  rights: defineRoute({
    ...get(`${store}/rights`, rightsAnswerSchema),
    ...listed,
    summary: 'Who may open what at a store, as it is set; null where nothing is',
  }),
  putRights: defineRoute({
    ...ofStore,
    method: 'put',
    path: `${store}/rights`,
    summary: 'Set who may open what at a store: its time zone, its own roles, its rules',
    body: putRightsSchema,
    limit: { countedAs: 'guess', bytes: rightsBytes },
    errors: notFound,
  }),
  removeRights: defineRoute({
    ...ofStore,
    method: 'delete',
    path: `${store}/rights`,
    summary: 'Let no rules hold at a store any more',
    errors: { ...notFound, 400: ['operator.bad_value'] },
  }),
  mergedRights: defineRoute({
    ...get(`${store}/merged-rights`, mergedRightsSchema),
    ...listed,
    summary: 'What the rights of a store come to with those of its district and organisation',
  }),
  moveStore: defineRoute({
    ...ofStore,
    method: 'put',
    path: `${store}/district`,
    summary: 'Move a store into a district, or out of its district',
    body: putDistrictOfStoreSchema,
    errors: { ...notFound, 409: ['operator.badge_shared'] },
  }),
  personMay: defineRoute({
    ...get(`${store}/staff/:staffId/may`, personMaySchema),
    params: ofStaff.params,
    errors: notFound,
    summary: 'What a person may do and open, now or at a time',
    query: personMayQuerySchema,
  }),
  groupMay: defineRoute({
    ...get(`${store}/may-open`, groupMaySchema),
    ...listed,
    summary: 'Who may open the locks of a group, now or at a time',
    query: groupMayQuerySchema,
  }),
  importLock: defineRoute({
    ...post(`${store}/locks`),
    summary: 'Import a lock',
    params: inStore,
    body: importLockSchema,
    answers: { 202: acceptedSchema },
    errors: { ...notFound, 409: ['enrolment.other_kiosk'] },
  }),
  renameLock: defineRoute({
    ...ofLock,
    method: 'put',
    summary: 'Give a lock another name and group',
    body: putLockSchema,
  }),
  orderRelease: defineRoute({
    ...ofLock,
    ...post(`${lock}/release`),
    summary: 'Order that a lock is given back to its maker',
    answers: taken,
    errors: { ...notFound, 409: ['enrolment.vendor_refused'] },
  }),
  withdrawRelease: defineRoute({
    ...ofLock,
    method: 'delete',
    path: `${lock}/release`,
    summary: 'Take that order back',
  }),
  replaceKey: defineRoute({
    ...ofLock,
    ...post(`${lock}/key`),
    summary: 'Replace a revoked key by the one that the vendor has issued in its place',
    errors: { ...notFound, 409: ['enrolment.already_registered', 'enrolment.wrong_key'] },
  }),
  locks: defineRoute({
    ...get(`${store}/locks`, locksAnswerSchema),
    ...listed,
    summary: 'Locks of a store',
  }),
  places: defineRoute({
    ...get(`${store}/places`, placesAnswerSchema),
    ...listed,
    summary: 'Places of a store, and which lock is in each',
  }),
  place: defineRoute({
    ...get(`${store}/places/:placeId`, placeAnswerSchema),
    params: inStore.extend({ placeId: uuidSchema }),
    errors: notFound,
    summary: 'A place and every lock that was in it, the last first',
  }),
  enrolments: defineRoute({
    ...get(`${store}/enrolments`, enrolmentsAnswerSchema),
    ...listed,
    summary: 'Enrolments of a store, captured last first',
    query: enrolmentsQuerySchema,
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
  resolveEnrolment: defineRoute({
    ...post('/v1/admin/enrolments/:id/resolve'),
    ...byId,
    summary: 'Resolve an enrolment',
    body: resolveSchema,
    answers: { 200: acceptedSchema },
    errors: { ...notFound, 409: ['enrolment.wrong_state', 'enrolment.other_kiosk'] },
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
    answers: taken,
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
} as const;

export const operatorRoutes = { ...jsonRoutes, ...listRoutes, ...journalRoutes } as const;
