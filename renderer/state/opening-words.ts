/** How far an opening is, in the few words that a tile has room for. */
import type { Proximity } from '#shared/ipc/views.ts';
import { t } from '../i18n/translate.ts';
import type { Unlock } from './unlock.svelte.ts';

type Shown = Pick<Unlock, 'phase' | 'queued' | 'attempt' | 'now' | 'unanswered'>;

/** `counts`: whether the seconds that the lock stays open are told; who hears the page is told once. */
export const openingWords = ({ phase, queued, attempt, now, unanswered }: Shown, counts: boolean): string => {
  switch (phase?.kind) {
    case 'working':
      if (queued) return t('group.state.next');
      return t(unanswered ? 'tile.unanswered' : `tile.${attempt?.stage ?? 'find'}`);
    case 'open':
      return counts
        ? t('tile.open_for', { seconds: Math.ceil((phase.until - now) / 1_000) })
        : t('sheet.open.title');
    case 'locked':
      return t('sheet.locked.title');
    case 'settling':
      return t('group.state.settling');
    case 'waiting':
      return t('group.state.opened');
    default:
      return '';
  }
};

/** Whether it has to be said, while it can be stopped, that the lock is not where the person stands: it may be the wrong one. */
export const isFurtherAway = (
  { phase, queued, attempt }: Pick<Shown, 'phase' | 'queued' | 'attempt'>,
  proximity: Proximity | null,
): boolean =>
  proximity === 'far' && phase?.kind === 'working' && !queued && (attempt === null || attempt.canStop);
