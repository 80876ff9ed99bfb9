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
  kiosksAnswerSchema,
  locksAnswerSchema,
  refreshAnswerSchema,
  restoredAnswerSchema,
  trustAnswerSchema,
} from './answers.ts';
import {
  eventsQuerySchema,
  importLockSchema,
  journalQuerySchema,
  putLockSchema,
  putStaffSchema,
  putStoreSchema,
  resolveSchema,
  revokeSchema,
} from './contract.ts';
import { journalAnswerSchema } from './operator-acts.ts';

const operator = {
  access: 'operator',
  errors: {},
  limit: { countedAs: 'guess', bytes: usualBytes },
} as const;
const notFound = { 404: ['operator.not_found'] } as const;
const done = { 204: null } as const;
/** Taken; what it asks for happens later. */
const taken = { 202: null } as const;

const ofStore = {
  ...operator,
  path: '/v1/admin/stores/:storeId',
  params: z.strictObject({ storeId: uuidSchema }),
} as const;
const ofStaff = {
  ...operator,
  path: `${ofStore.path}/staff/:staffId`,
  params: ofStore.params.extend({ staffId: uuidSchema }),
} as const;
const ofLock = {
  ...operator,
  path: `${ofStore.path}/locks/:serialNumber`,
  params: ofStore.params.extend({ serialNumber: serialNumberSchema }),
  errors: notFound,
} as const;
const byId = { ...operator, params: z.strictObject({ id: uuidSchema }), errors: notFound } as const;

export const operatorRoutes = {
  putStore: defineRoute({
    ...ofStore,
    method: 'put',
    summary: 'Make or change a store',
    body: putStoreSchema,
    answers: done,
  }),
  drawCode: defineRoute({
    ...ofStore,
    method: 'post',
    path: `${ofStore.path}/registration-codes`,
    summary: 'Make a one-time registration code',
    answers: { 201: codeAnswerSchema },
    errors: notFound,
  }),
  putStaff: defineRoute({
    ...ofStaff,
    method: 'put',
    summary: 'Make or change a staff member',
    body: putStaffSchema,
    answers: done,
    errors: { ...notFound, 422: ['staff.weak_pin'] },
  }),
  dismissStaff: defineRoute({
    ...ofStaff,
    method: 'delete',
    summary: 'Remove a staff member',
    answers: done,
    errors: notFound,
  }),
  importLock: defineRoute({
    ...ofStore,
    method: 'post',
    path: `${ofStore.path}/locks`,
    summary: 'Import a lock',
    body: importLockSchema,
    answers: { 202: acceptedSchema },
    errors: { ...notFound, 409: ['enrolment.other_kiosk'] },
  }),
  renameLock: defineRoute({
    ...ofLock,
    method: 'put',
    summary: 'Give a lock another name and group',
    body: putLockSchema,
    answers: done,
  }),
  orderRelease: defineRoute({
    ...ofLock,
    method: 'post',
    path: `${ofLock.path}/release`,
    summary: 'Order that a lock is given back to its maker',
    answers: taken,
    errors: { ...notFound, 409: ['enrolment.vendor_refused'] },
  }),
  withdrawRelease: defineRoute({
    ...ofLock,
    method: 'delete',
    path: `${ofLock.path}/release`,
    summary: 'Take that order back',
    answers: done,
  }),
  replaceKey: defineRoute({
    ...ofLock,
    method: 'post',
    path: `${ofLock.path}/key`,
    summary: 'Replace a revoked key by the one that the vendor has issued in its place',
    answers: done,
    errors: { ...notFound, 409: ['enrolment.already_registered', 'enrolment.wrong_key'] },
  }),
  locks: defineRoute({
    ...ofStore,
    method: 'get',
    path: `${ofStore.path}/locks`,
    summary: 'Locks of a store',
    answers: { 200: locksAnswerSchema },
  }),
  enrolments: defineRoute({
    ...ofStore,
    method: 'get',
    path: `${ofStore.path}/enrolments`,
    summary: 'Enrolments of a store',
    answers: { 200: enrolmentsAnswerSchema },
  }),
  kiosks: defineRoute({
    ...ofStore,
    method: 'get',
    path: `${ofStore.path}/kiosks`,
    summary: 'Kiosks of a store and the health of their journals',
    answers: { 200: kiosksAnswerSchema },
  }),
  events: defineRoute({
    ...ofStore,
    method: 'get',
    path: `${ofStore.path}/events`,
    summary: 'Access events of a store',
    query: eventsQuerySchema,
    answers: { 200: eventsAnswerSchema },
  }),
  resolveEnrolment: defineRoute({
    ...byId,
    method: 'post',
    path: '/v1/admin/enrolments/:id/resolve',
    summary: 'Resolve an enrolment',
    body: resolveSchema,
    answers: { 200: acceptedSchema },
    errors: { ...notFound, 409: ['enrolment.wrong_state', 'enrolment.other_kiosk'] },
  }),
  revokeKiosk: defineRoute({
    ...byId,
    method: 'post',
    path: '/v1/admin/kiosks/:id/revoke',
    summary: 'Revoke a kiosk',
    body: revokeSchema,
    answers: done,
  }),
  askForRotation: defineRoute({
    ...byId,
    method: 'post',
    path: '/v1/admin/kiosks/:id/rotate-keys',
    summary: 'Ask a kiosk to take new keys',
    answers: taken,
  }),
  declareRestored: defineRoute({
    ...operator,
    method: 'post',
    path: '/v1/admin/restored',
    summary: 'Have every kiosk take everything anew, and end all registration codes',
    answers: { 200: restoredAnswerSchema },
  }),
  journal: defineRoute({
    ...operator,
    method: 'get',
    path: '/v1/admin/journal',
    summary: 'What operators did, the newest first',
    query: journalQuerySchema,
    answers: { 200: journalAnswerSchema },
  }),
  refreshTrust: defineRoute({
    ...operator,
    method: 'post',
    path: '/v1/admin/trust/refresh',
    summary: 'Fetch the intermediate and the revocation list now',
    answers: { 200: refreshAnswerSchema },
  }),
  trust: defineRoute({
    ...operator,
    method: 'get',
    path: '/v1/admin/trust',
    summary:
      'The intermediates that are kept, how it stands with what is revoked, and what the last refresh came to',
    answers: { 200: trustAnswerSchema },
  }),
  sealing: defineRoute({
    ...operator,
    method: 'get',
    path: '/v1/admin/sealing',
    summary: 'Whether SEALING_SECRET_PREVIOUS is still needed, and how many stored keys no secret opens',
    answers: { 200: sealingStateSchema },
  }),
} as const;
