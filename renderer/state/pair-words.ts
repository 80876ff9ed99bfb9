/** Who did something together, where a second person confirmed it. */
import type { KioskView } from '#shared/ipc/views.ts';
import { t } from '../i18n/translate.ts';
import { pairOf } from './sign-in-names.ts';

/** "Amara with Priya"; empty where nobody confirmed, or nobody is known by that id any more. */
export const pairWords = (
  view: Pick<KioskView, 'session' | 'staff'> | null,
  approver: string | null,
): string => {
  const other = view?.staff.find(({ staffId }) => staffId === approver);
  return view?.session && other ? t('pair.with', pairOf(view.session.name, other.name)) : '';
};
