/** What the routes of people do, of one store or of several. */
import type { BadgeAdmin } from '../admin/badges.ts';
import type { MissingParts } from '../admin/missing.ts';
import type { Overview } from '../admin/overview.ts';
import type { peopleRoutes } from '../admin/people-routes.ts';
import type { RightsAdmin } from '../admin/rights.ts';
import type { staffRoutes } from '../admin/staff-routes.ts';
import type { StaffAdmin } from '../admin/staff.ts';
import type { PeopleAdmin } from '../people/people-admin.ts';
import type { Handlers } from './mount.ts';
import type { OperatorCalls } from './operator-calls.ts';
import { createLookups, answerNotFound, requireFound, valueOf } from './operator-outcomes.ts';

export interface StaffRouteServices {
  readonly staff: StaffAdmin;
  readonly people: PeopleAdmin;
  readonly badges: BadgeAdmin;
  readonly rights: RightsAdmin;
  readonly overview: Overview;
  readonly missing: MissingParts;
}

export const staffHandlers = (
  services: StaffRouteServices,
  { act }: OperatorCalls,
): Handlers<typeof staffRoutes & typeof peopleRoutes> => {
  const { staff, people, badges, rights, overview } = services;
  const { missingAt, ofStore } = createLookups(services.missing);
  return {
    putStaff: ({ request, params, body }) =>
      act(request, 'staff_put', params, async (note) => {
        const { storeId, staffId } = params;
        await valueOf(await staff.putStaff(storeId, staffId, body(), note), missingAt({ storeId }, 'person'));
      }),
    dismissStaff: ({ request, params: { storeId, staffId } }) =>
      act(request, 'staff_dismissed', { storeId, staffId }, async (note) => {
        const found = await staff.deleteStaff(storeId, staffId, note);
        await requireFound(await valueOf(found, 'person'), missingAt({ storeId }, 'person'));
      }),
    staff: ({ params: { storeId } }) => ofStore(storeId, () => overview.staff(storeId)),
    personMay: async ({ params: { storeId, staffId }, query }) =>
      (await rights.personMay(storeId, staffId, query.at)) ??
      answerNotFound(missingAt({ storeId }, 'person')),
    giveBadge: ({ request, params: { storeId, staffId }, body }) =>
      act(request, 'badge_given', { storeId, staffId }, async (note) => {
        const given = await badges.give(storeId, staffId, body().number, note);
        await valueOf(given, missingAt({ storeId }, 'person'));
      }),
    blockBadges: ({ request, params: { storeId, staffId } }) =>
      act(request, 'badges_blocked', { storeId, staffId }, async (note) => {
        await requireFound(await badges.block(storeId, staffId, note), missingAt({ storeId }, 'person'));
      }),
    people: () => people.list(),
    putPerson: ({ request, params, body }) =>
      act(request, 'person_put', params, async (note) =>
        valueOf(await people.put(params.staffId, body(), note), 'person'),
      ),
    erasePerson: ({ request, params }) =>
      act(
        request,
        'person_erased',
        params,
        async (note) => (await people.erase(params.staffId, note)) ?? answerNotFound('person'),
      ),
  };
};
