/** The routes of the locks of a store: how they come to it, where they are, how they leave it. */
import { defineRoute } from '#shared/http/define.ts';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import { acceptedSchema, enrolmentsAnswerSchema, locksAnswerSchema } from './answers.ts';
import { enrolmentsQuerySchema, importLockSchema, putLockSchema, resolveSchema } from './contract.ts';
import { placeAnswerSchema, placesAnswerSchema } from './places.ts';
import { accepted, byId, change, get, inStore, listed, notFound, post, store } from './parts-of-routes.ts';

const lock = `${store}/locks/:serialNumber` as const;
const ofLock = {
  ...change,
  path: lock,
  params: inStore.extend({ serialNumber: serialNumberSchema }),
  errors: notFound,
} as const;

export const lockRoutes = {
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
    answers: accepted,
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
  resolveEnrolment: defineRoute({
    ...post('/v1/admin/enrolments/:id/resolve'),
    ...byId,
    summary: 'Resolve an enrolment',
    body: resolveSchema,
    answers: { 200: acceptedSchema },
    errors: { ...notFound, 409: ['enrolment.wrong_state', 'enrolment.other_kiosk'] },
  }),
} as const;
