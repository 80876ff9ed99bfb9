/** What of the finished enrolments was seen at this screen. Kept in the page's own storage; the kiosk's data stays as it is. */
import { z } from 'zod';

export interface Seen {
  readonly ids: ReadonlySet<string>;
  /** These are on the screen. */
  show(ids: readonly string[]): void;
  /** Whoever looked has gone on to another screen: they were seen. */
  goOn(): void;
  /** Whoever was to look was signed out, and may not have been there. */
  forget(): void;
}

const key = 'latchpoint.seen';
/** As many as the kiosk shows; what is older than a day is not listed anyway. */
const mostKept = 500;
const schema = z.array(z.string()).max(mostKept);

const read = (): readonly string[] => {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(key) ?? '[]'));
  } catch {
    return [];
  }
};

export const createSeen = (): Seen => {
  let ids: ReadonlySet<string> = new Set(read());
  let shown = new Set<string>();
  return {
    get ids() {
      return ids;
    },
    show: (now) => {
      for (const id of now) shown.add(id);
    },
    goOn: () => {
      if (shown.size === 0) return;
      ids = new Set([...[...ids].filter((id) => !shown.has(id)), ...shown].slice(-mostKept));
      shown = new Set();
      localStorage.setItem(key, JSON.stringify([...ids]));
    },
    forget: () => {
      shown = new Set();
    },
  };
};
