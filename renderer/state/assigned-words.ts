/** What a person's roles are called, each with where it was given: "Lead at this store and Manager in district North". */
import type { HeldRole, KioskView } from '#shared/ipc/views.ts';
import type { AssignedPlace } from '#shared/rights/model.ts';
import { listWords } from '../i18n/list-words.ts';
import { t } from '../i18n/translate.ts';
import { roleWords } from './role-words.ts';

type Names = Pick<KioskView, 'district' | 'organisation'>;

const wordsAt = (place: AssignedPlace, role: string, { district, organisation }: Names): string => {
  switch (place) {
    case 'store':
      return t('badges.role_store', { role });
    case 'district':
      return district === undefined
        ? t('badges.role_district', { role })
        : t('badges.role_district_named', { role, name: district });
    case 'organisation':
      return organisation === undefined
        ? t('badges.role_organisation', { role })
        : t('badges.role_organisation_named', { role, name: organisation });
  }
};

/** Empty as `roleWords` is; a role of which nobody has told where it was given has its name alone. */
export const rolesAndPlaces = (roles: readonly HeldRole[], names: Names): string =>
  listWords(
    roles.flatMap((held) => {
      const role = roleWords([held]);
      if (role === '') return [];
      return held.at.length === 0 ? role : held.at.map((place) => wordsAt(place, role, names));
    }),
  );
