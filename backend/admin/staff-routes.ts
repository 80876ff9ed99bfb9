/** The routes of who may sign in at a store, and of their badges. */
import { defineRoute } from '#shared/http/define.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import { personMaySchema, staffAnswerSchema } from './answers.ts';
import { personMayQuerySchema, putBadgeSchema, putStaffSchema } from './contract.ts';
import { change, get, inStore, listed, notFound, store } from './parts-of-routes.ts';

const ofStaff = {
  ...change,
  path: `${store}/staff/:staffId`,
  params: inStore.extend({ staffId: uuidSchema }),
  errors: notFound,
} as const;
const ofBadges = { ...ofStaff, path: `${store}/staff/:staffId/badges` } as const;

export const staffRoutes = {
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
  personMay: defineRoute({
    ...get(`${store}/staff/:staffId/may`, personMaySchema),
    params: ofStaff.params,
    errors: notFound,
    summary: 'What a person may do and open, now or at a time',
    query: personMayQuerySchema,
  }),
} as const;
