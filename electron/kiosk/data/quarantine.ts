/** Rows from the backend, or for it, that do not fit: kept out, counted, and named so that someone can look. */
import { BehaviorSubject, type Observable } from 'rxjs';
import { z } from 'zod';
import { readJson } from '#shared/models/json.ts';
import type { KioskFile } from './storage/kiosk-file.ts';

const longest = 200;
const entrySchema = z.strictObject({
  collection: z.string(),
  /** The document's primary key, or what stands in for it. */
  id: z.string().max(longest),
  /** Path of the first field that does not fit, or the backend's error code. Never a value. */
  problem: z.string().max(longest),
});
export type QuarantinedRow = z.infer<typeof entrySchema>;

interface EventsOfBefore {
  readonly ids: readonly string[];
  /** The note was full: of those that did not fit nothing is known. */
  readonly isInPart: boolean;
  /** For good. */
  drop(): void;
}

export interface Quarantine {
  /** How many rows are kept out. Replays. */
  readonly count$: Observable<number>;
  readonly rows: readonly QuarantinedRow[];
  /** What a release before has named here of the kiosk's own events: all else knows of them by `RefusedEvents`. */
  readonly eventsOfBefore: EventsOfBefore;
  /** `invalid` are kept out from now on, `valid` ids of the same collection no longer are. */
  update(
    collection: string,
    invalid: readonly Omit<QuarantinedRow, 'collection'>[],
    valid: ReadonlySet<string>,
  ): void;
  forget(): void;
  dispose(): void;
}

const note = 'quarantine';
/** Of each collection, the newest: a backend that sends nothing but rubbish must not fill the disk. */
const mostRows = 500;
const isEvent = ({ collection }: QuarantinedRow): boolean => collection === 'accessEvents';

const newest = (rows: readonly QuarantinedRow[], collection: string): QuarantinedRow[] => {
  const isOne = (row: QuarantinedRow): boolean => row.collection === collection;
  const excess = rows.filter(isOne).length - mostRows;
  let passed = 0;
  return rows.filter((row) => !isOne(row) || ++passed > excess);
};

export const createQuarantine = (file: Pick<KioskFile, 'readNote' | 'writeNote'>): Quarantine => {
  const noted = readJson(z.array(entrySchema), file.readNote(note)) ?? [];
  let rows: readonly QuarantinedRow[] = noted.filter((row) => !isEvent(row));
  const count = new BehaviorSubject(rows.length);
  return {
    count$: count.asObservable(),
    get rows() {
      return rows;
    },
    eventsOfBefore: {
      ids: noted.filter(isEvent).map(({ id }) => id),
      isInPart: noted.length >= mostRows,
      drop: () => {
        if (noted.some(isEvent)) file.writeNote(note, JSON.stringify(rows));
      },
    },
    update: (collection, invalid, valid) => {
      const added = invalid.map(({ id, problem }) => ({
        collection,
        id: id.slice(0, longest),
        problem: problem.slice(0, longest),
      }));
      const again = new Set(added.map(({ id }) => id));
      const isSame = (row: QuarantinedRow): boolean =>
        row.collection === collection && (valid.has(row.id) || again.has(row.id));
      const kept = rows.filter((row) => !isSame(row));
      if (invalid.length === 0 && kept.length === rows.length) return;
      const next = newest([...kept, ...added], collection);
      file.writeNote(note, JSON.stringify(next));
      rows = next;
      count.next(rows.length);
    },
    forget: () => {
      rows = [];
      count.next(0);
    },
    dispose: () => count.complete(),
  };
};
