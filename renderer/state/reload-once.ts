/** The page loaded anew where a part of it cannot be had, once: a second time would help no more than the first. */

export interface ReloadOncePorts {
  /** Kept while the page is loaded anew. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly reload: () => void;
}

export interface ReloadOnce {
  /** False where it was loaded anew before, and nothing is done. */
  reload(): boolean;
  /** The page has all of its parts: the next one that is missing is another matter. */
  whole(): void;
}

const key = 'latchpoint.loaded-anew';

export const createReloadOnce = ({ storage, reload }: ReloadOncePorts): ReloadOnce => ({
  reload: () => {
    if (storage.getItem(key) !== null) return false;
    storage.setItem(key, 'yes');
    reload();
    return true;
  },
  whole: () => storage.removeItem(key),
});
