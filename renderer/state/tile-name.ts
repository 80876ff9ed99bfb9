/** What a tile is called by those who hear the page: what a tap on it does, to which lock, where that is, and how it is. */
import type { LockTile } from '#shared/ipc/views.ts';
import { t } from '../i18n/translate.ts';

/**
 * `opens`: whether a tap opens it; any other tap shows its details. `flag`: what the tile says in words, if anything. `deaf`: whether
 * the kiosk hears nothing. The lock's name is in it as it stands on the tile, so that a voice can call it by that; its serial number,
 * of which nobody can make anything by ear, is not.
 */
export const tileName = (
  { name, group, proximity }: Pick<LockTile, 'name' | 'group' | 'proximity'>,
  { opens, flag, deaf }: { readonly opens: boolean; readonly flag: string | null; readonly deaf: boolean },
): string => {
  const distance = t(`proximity.${proximity ?? (deaf ? 'unheard' : 'away')}`);
  const about = [group, flag ?? '', distance].filter((part) => part !== '').join(', ');
  return t(opens ? 'tile.opens' : 'tile.shows', { name, about });
};
