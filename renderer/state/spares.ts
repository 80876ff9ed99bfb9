import type { LocksView, LockTile } from '#shared/ipc/views.ts';
import { spareWords } from '../i18n/serial-words.ts';

/** For who may put one in the place of a lock. They are in no place, and so have no names. */
export const sparesOf = (view: LocksView | null): readonly LockTile[] =>
  (view?.spares ?? []).map((lock) => ({ ...lock, name: spareWords(lock) }));
