/** The routes of what a store's locks have said that somebody has to see to: alarms, and batteries. */
import { defineRoute } from '#shared/http/define.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import { batteriesAnswerSchema } from './batteries.ts';
import { alarmsAnswerSchema } from './open-alarms.ts';
import { inStore, listed, operator, store } from './parts-of-routes.ts';

const ofStore = { ...operator, ...listed } as const;

export const lockWordRoutes = {
  alarms: defineRoute({
    ...ofStore,
    method: 'get',
    path: `${store}/alarms`,
    answers: { 200: alarmsAnswerSchema },
    summary: 'Alarms of a store that are open, those that nobody has acknowledged first',
  }),
  acknowledgeDuress: defineRoute({
    ...ofStore,
    method: 'post',
    path: `${store}/duress/:eventId/acknowledge`,
    params: inStore.extend({ eventId: uuidSchema }),
    answers: { 204: null },
    summary: 'Acknowledge that a duress PIN was used',
  }),
  batteries: defineRoute({
    ...ofStore,
    method: 'get',
    path: `${store}/batteries`,
    answers: { 200: batteriesAnswerSchema },
    summary: 'Which batteries of a store are to be changed this week, by the forecast of what its locks said',
  }),
} as const;
