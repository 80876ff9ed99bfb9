/** What a person's roles are called: the given ones in the page's words, a store's own by their names. */
import type { HeldRole } from '#shared/ipc/views.ts';
import type { GivenRole } from '#shared/rights/model.ts';
import { listWords } from '../i18n/list-words.ts';
import { t } from '../i18n/translate.ts';

type Roles = readonly Pick<HeldRole, 'roleId' | 'name'>[];

const given = {
  associate: 'role.associate',
  lead: 'role.lead',
  manager: 'role.manager',
  back_office: 'role.back_office',
  auditor: 'role.auditor',
} as const satisfies Record<GivenRole, string>;
const isGiven = (roleId: string): roleId is GivenRole => Object.hasOwn(given, roleId);

/** Empty where nobody has given them a role, or none that is known here. */
export const roleWords = (roles: Roles): string =>
  listWords(roles.flatMap(({ roleId, name }) => name ?? (isGiven(roleId) ? t(given[roleId]) : [])));
