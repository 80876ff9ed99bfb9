/** Rows from the backend, or for it, that do not fit: kept out, counted, and named so that someone can look. */
import { BehaviorSubject, type Observable } from 'rxjs';
import { z } from 'zod';
import { readJson } from '#shared/models/json.ts';
import type { KioskFile } from './storage/kiosk-file.ts';

const entrySchema = z.strictObject({
  collection: z.string(),
  /** The document's primary key, or what stands in for it. */
  id: z.string().max(200),
  /** Path of the first field that does not fit, or the backend's error code. Never a value. */
  problem: z.string().max(200),
});
export type QuarantinedRow = z.infer<typeof entrySchema>;

export interface Quarantine {
  /** How many rows are kept out. Replays. */
  readonly count$: Observable<number>;
  readonly rows: readonly QuarantinedRow[];
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
/** A backend that sends nothing but rubbish must not fill the disk. */
const mostRows = 500;

export const createQuarantine = (file: Pick<KioskFile, 'readNote' | 'writeNote'>): Quarantine => {
  let rows: readonly QuarantinedRow[] = readJson(z.array(entrySchema), file.readNote(note)) ?? [];
  const count = new BehaviorSubject(rows.length);
  return {
    count$: count.asObservable(),
    get rows() {
      return rows;
    },
    update: (collection, invalid, valid) => {
      const isSame = (row: QuarantinedRow): boolean =>
        row.collection === collection && (valid.has(row.id) || invalid.some(({ id }) => id === row.id));
      const kept = rows.filter((row) => !isSame(row));
      if (invalid.length === 0 && kept.length === rows.length) return;
      const added = invalid.map(({ id, problem }) => ({
        collection,
        id: id.slice(0, 200),
        problem: problem.slice(0, 200),
      }));
      const next = [...kept, ...added].slice(-mostRows);
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
