/** The route by which an operator's tools take a copy of the journals of a store. */
import { z } from 'zod';
import { defineRoute, usualBytes } from '#shared/http/define.ts';
import { epochMsSchema, uuidSchema } from '#shared/models/primitives.ts';

export const journalTypes = { csv: 'text/csv', json: 'application/json' } as const;
const time = z.coerce.number().pipe(epochMsSchema).optional();

export const journalExportQuerySchema = z
  .strictObject({
    as: z.enum(['csv', 'json']).default('csv'),
    /** Of this kiosk alone; the signed file is one kiosk's. */
    kiosk: uuidSchema.optional(),
    /** From when on, and until before when, by what the kiosk took for the time. */
    from: time,
    until: time,
  })
  .refine(({ as, kiosk }) => as === 'csv' || kiosk !== undefined, {
    path: ['kiosk'],
    error: 'is needed: a signed file is of one kiosk',
  });
export type JournalExportQuery = z.infer<typeof journalExportQuerySchema>;

export const journalRoutes = {
  journalExport: defineRoute({
    access: 'operator',
    method: 'get',
    path: '/v1/admin/stores/:storeId/journal-export',
    params: z.strictObject({ storeId: uuidSchema }),
    query: z.strictObject(journalExportQuerySchema.shape),
    answers: { 200: z.string() },
    answersAs: Object.values(journalTypes),
    errors: { 400: ['operator.bad_value'], 404: ['operator.not_found'] },
    limit: { countedAs: 'guess', bytes: usualBytes },
    summary: 'The journals of a store as a table, or that of one of its kiosks as a signed file',
  }),
} as const;
