/** The routes by which an operator's tools take people and locks out of a store, and put them in, as files. */
import { z } from 'zod';
import { appErrorSchema } from '#shared/errors/app-error.ts';
import { defineRoute, usualBytes } from '#shared/http/define.ts';
import { languageSchema } from '#shared/models/language.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import { listLimits } from '../lists/limits.ts';
import { reportSchema } from '../lists/report.ts';

export const listTypes = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
const types = Object.values(listTypes);

const operator = { access: 'operator', params: z.strictObject({ storeId: uuidSchema }) } as const;
const store = '/v1/admin/stores/:storeId';
const notFound = { 404: ['operator.not_found'] } as const;

const given = {
  ...operator,
  method: 'post',
  takes: types,
  query: z.strictObject({
    /** Says what would come of it, and changes nothing. */
    dryRun: z.enum(['true', 'false']).default('false'),
  }),
  body: z.strictObject({ as: z.enum(['csv', 'xlsx']), bytes: z.instanceof(Uint8Array) }),
  answers: {
    200: reportSchema,
    /** Of what cannot be read as a list there is no report. */
    422: z.strictObject({ error: appErrorSchema, report: reportSchema.optional() }),
  },
  errors: { ...notFound, 422: ['operator.unreadable_list', 'operator.bad_lines'] },
  limit: { countedAs: 'guess', bytes: listLimits.bytes },
} as const;

const written = {
  ...operator,
  method: 'get',
  query: z.strictObject({
    as: z.enum(['csv', 'xlsx']).default('csv'),
    /** Of the headers. */
    language: languageSchema.default('en'),
  }),
  answers: { 200: z.string() },
  answersAs: types,
  errors: notFound,
  limit: { countedAs: 'guess', bytes: usualBytes },
} as const;

export const listRoutes = {
  staffList: defineRoute({
    ...written,
    path: `${store}/staff-list`,
    summary: 'The people of a store as a file, which can come in again',
  }),
  takeStaffList: defineRoute({
    ...given,
    path: `${store}/staff-list`,
    summary: 'Make or change people of a store as a file says: all of it or nothing',
  }),
  lockList: defineRoute({
    ...written,
    path: `${store}/lock-list`,
    summary: 'The locks of a store as a file, which can come in again',
  }),
  takeLockList: defineRoute({
    ...given,
    path: `${store}/lock-list`,
    summary: 'Name and group locks of a store as a file says: all of it or nothing',
  }),
} as const;
