/** What a tile is called by those who hear the page: what a tap on it does, to which lock, where that is, and how it is. */
import type { LockTile } from '#shared/ipc/views.ts';
import { t } from '../i18n/translate.ts';
import type { AttemptPhase } from './attempt-phase.ts';

type Named = Pick<LockTile, 'name' | 'group' | 'proximity' | 'obstacle' | 'needs'>;
interface Shown {
  /** How far the attempt is that the tile shows; null where it shows none. */
  readonly opening: AttemptPhase['kind'] | null;
  /** What the tile says in words, if anything. */
  readonly flag: string | null;
  /** Whether the kiosk hears nothing. */
  readonly deaf: boolean;
}

/** What a tap does, as the Counter decides it: a lock that has refused is tried all the same. */
const opens = ({ obstacle, proximity }: Named, opening: Shown['opening']): boolean =>
  obstacle === null && proximity !== null && opening !== 'working' && opening !== 'open';

/** What is asked for before it opens; empty where a tap alone opens it. */
const asksWords = ({ needs }: Named): string =>
  [
    ...(needs?.delayMinutes === undefined ? [] : [t('tile.needs_wait', { minutes: needs.delayMinutes })]),
    ...(needs?.proof ? [t(`tile.needs_${needs.proof}`)] : []),
    ...(needs?.secondPerson ? [t('tile.needs_person')] : []),
    ...(needs?.reasons ? [t('tile.needs_reason')] : []),
  ].join(' ');

/**
 * The lock's name is in it as it stands on the tile, so that a voice can call it by that; its serial number, of which nobody can
 * make anything by ear, is not.
 */
export const tileName = (lock: Named, { opening, flag, deaf }: Shown): string => {
  const { name, group, proximity } = lock;
  const distance = t(`proximity.${proximity ?? (deaf ? 'unheard' : 'away')}`);
  // In the order in which it stands on the tile; that it is open stands beside it.
  const open = flag === null && opening === 'open' ? t('tile.open') : '';
  const about = [group, flag ?? '', distance, open].filter((part) => part !== '').join(', ');
  if (!opens(lock, opening)) return t('tile.shows', { name, about });
  const asks = asksWords(lock);
  return asks === '' ? t('tile.opens', { name, about }) : t('tile.opens_asking', { name, about, asks });
};
