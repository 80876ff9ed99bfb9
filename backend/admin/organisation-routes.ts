/** The routes of what stores have in common: the organisation, which is the tenant, and its districts. */
import { z } from 'zod';
import { defineRoute } from '#shared/http/define.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import { organisationSchema } from './answers.ts';
import { putNameSchema, putRightsSchema } from './contract.ts';
import { change, notFound, operator, rightsBytes } from './parts-of-routes.ts';

const district = '/v1/admin/districts/:districtId';
const ofDistrict = {
  ...change,
  path: district,
  params: z.strictObject({ districtId: uuidSchema }),
  errors: notFound,
} as const;

export const organisationRoutes = {
  organisation: defineRoute({
    ...operator,
    method: 'get',
    path: '/v1/admin/organisation',
    answers: { 200: organisationSchema },
    summary: 'The organisation, its districts, what is set for them, and which store is in which',
  }),
  renameOrganisation: defineRoute({
    ...change,
    method: 'put',
    path: '/v1/admin/organisation',
    summary: 'Name the organisation',
    body: putNameSchema,
  }),
  putOrganisationRights: defineRoute({
    ...change,
    method: 'put',
    path: '/v1/admin/organisation/rights',
    summary: 'Set the rights that every store starts from',
    body: putRightsSchema,
    limit: { countedAs: 'guess', bytes: rightsBytes },
  }),
  removeOrganisationRights: defineRoute({
    ...change,
    method: 'delete',
    path: '/v1/admin/organisation/rights',
    summary: 'Let stores start from no rights of the organisation',
    errors: { 400: ['operator.bad_value'] },
  }),
  putDistrict: defineRoute({
    ...ofDistrict,
    method: 'put',
    summary: 'Make or rename a district',
    body: putNameSchema,
    errors: {},
  }),
  removeDistrict: defineRoute({
    ...ofDistrict,
    method: 'delete',
    summary: 'Remove a district without stores',
  }),
  putDistrictRights: defineRoute({
    ...ofDistrict,
    method: 'put',
    path: `${district}/rights`,
    summary: 'Set the rights that the stores of a district start from',
    body: putRightsSchema,
    limit: { countedAs: 'guess', bytes: rightsBytes },
  }),
  removeDistrictRights: defineRoute({
    ...ofDistrict,
    method: 'delete',
    path: `${district}/rights`,
    summary: 'Let the stores of a district start from those of the organisation alone',
  }),
} as const;
