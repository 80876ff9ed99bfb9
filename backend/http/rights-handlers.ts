/** What the routes of rights do: of a store, and of what stores have in common. */
import type { MissingParts } from '../admin/missing.ts';
import type { organisationRoutes } from '../admin/organisation-routes.ts';
import type { rightsRoutes } from '../admin/rights-routes.ts';
import type { RightsAdmin } from '../admin/rights.ts';
import type { OrganisationAdmin } from '../organisation/organisation.ts';
import type { Handlers } from './mount.ts';
import type { OperatorCalls } from './operator-calls.ts';
import { createLookups, valueOf } from './operator-outcomes.ts';

export interface RightsRouteServices {
  readonly rights: RightsAdmin;
  readonly organisation: OrganisationAdmin;
  readonly missing: MissingParts;
}

export const rightsHandlers = (
  services: RightsRouteServices,
  { act }: OperatorCalls,
): Handlers<typeof rightsRoutes & typeof organisationRoutes> => {
  const { rights, organisation } = services;
  const { ofStore } = createLookups(services.missing);
  return {
    rights: ({ params: { storeId } }) =>
      ofStore(storeId, async () => ({ rights: await rights.get(storeId) })),
    putRights: ({ request, params: { storeId }, body }) =>
      act(request, 'rights_put', { storeId }, async (note) => {
        await valueOf(await rights.put(storeId, body(), note), 'store');
      }),
    removeRights: ({ request, params: { storeId } }) =>
      act(request, 'rights_removed', { storeId }, async (note) => {
        await valueOf(await rights.remove(storeId, note), 'store');
      }),
    mergedRights: ({ params: { storeId } }) => ofStore(storeId, () => rights.merged(storeId)),
    groupMay: ({ params: { storeId }, query }) =>
      ofStore(storeId, () => rights.groupMay(storeId, query.group, query.at)),
    organisation: () => organisation.get(),
    renameOrganisation: ({ request, body }) =>
      act(request, 'organisation_put', {}, async (note) => {
        await valueOf(await organisation.rename(body().name, note), 'store');
      }),
    putOrganisationRights: ({ request, body }) =>
      act(request, 'rights_put', {}, async (note) => {
        await valueOf(await organisation.putRights(null, body(), note), 'store');
      }),
    removeOrganisationRights: ({ request }) =>
      act(request, 'rights_removed', {}, async (note) => {
        await valueOf(await organisation.putRights(null, null, note), 'store');
      }),
    putDistrict: ({ request, params, body }) =>
      act(request, 'district_put', params, async (note) => {
        await valueOf(await organisation.putDistrict(params.districtId, body().name, note), 'district');
      }),
    removeDistrict: ({ request, params }) =>
      act(request, 'district_removed', params, async (note) => {
        await valueOf(await organisation.removeDistrict(params.districtId, note), 'district');
      }),
    putDistrictRights: ({ request, params, body }) =>
      act(request, 'rights_put', params, async (note) => {
        await valueOf(await organisation.putRights(params.districtId, body(), note), 'district');
      }),
    removeDistrictRights: ({ request, params }) =>
      act(request, 'rights_removed', params, async (note) => {
        await valueOf(await organisation.putRights(params.districtId, null, note), 'district');
      }),
  };
};
