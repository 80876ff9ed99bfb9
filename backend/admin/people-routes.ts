/** The routes of people who are assigned to stores, districts or the organisation. */
import { z } from 'zod';
import { defineRoute } from '#shared/http/define.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import { followedSchema, peopleAnswerSchema, putPersonSchema } from '../people/people-contract.ts';
import { notFound, operator } from './parts-of-routes.ts';

const ofPerson = {
  ...operator,
  answers: { 200: followedSchema },
  path: '/v1/admin/people/:staffId',
  params: z.strictObject({ staffId: uuidSchema }),
  errors: notFound,
} as const;

export const peopleRoutes = {
  people: defineRoute({
    ...operator,
    method: 'get',
    path: '/v1/admin/people',
    answers: { 200: peopleAnswerSchema },
    summary:
      'People who are assigned to stores, districts or the organisation, and which stores that reaches',
  }),
  putPerson: defineRoute({
    ...ofPerson,
    method: 'put',
    summary: 'Make or change a person, and where they are assigned: they are at those stores and no others',
    body: putPersonSchema,
    errors: { ...ofPerson.errors, 409: ['operator.badge_shared'], 422: ['staff.weak_pin'] },
  }),
  erasePerson: defineRoute({
    ...ofPerson,
    method: 'delete',
    summary: 'Erase a person from every store',
  }),
} as const;
