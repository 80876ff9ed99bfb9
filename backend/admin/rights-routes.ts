/** The routes of who may do and open what at a store. */
import { defineRoute } from '#shared/http/define.ts';
import { groupMaySchema, mergedRightsSchema, rightsAnswerSchema } from './answers.ts';
import { groupMayQuerySchema, putRightsSchema } from './contract.ts';
import { get, listed, notFound, ofStore, rightsBytes, store } from './parts-of-routes.ts';

const rightsOfStore = `${store}/rights` as const;

export const rightsRoutes = {
  rights: defineRoute({
    ...get(rightsOfStore, rightsAnswerSchema),
    ...listed,
    summary: 'Who may open what at a store, as it is set; null where nothing is',
  }),
  putRights: defineRoute({
    ...ofStore,
    method: 'put',
    path: rightsOfStore,
    summary: 'Set who may open what at a store: its time zone, its own roles, its rules',
    body: putRightsSchema,
    limit: { countedAs: 'guess', bytes: rightsBytes },
    errors: notFound,
  }),
  removeRights: defineRoute({
    ...ofStore,
    method: 'delete',
    path: rightsOfStore,
    summary: 'Let no rules hold at a store any more',
    errors: { ...notFound, 400: ['operator.bad_value'] },
  }),
  mergedRights: defineRoute({
    ...get(`${store}/merged-rights`, mergedRightsSchema),
    ...listed,
    summary: 'What the rights of a store come to with those of its district and organisation',
  }),
  groupMay: defineRoute({
    ...get(`${store}/may-open`, groupMaySchema),
    ...listed,
    summary: 'Who may open the locks of a group, now or at a time',
    query: groupMayQuerySchema,
  }),
} as const;
