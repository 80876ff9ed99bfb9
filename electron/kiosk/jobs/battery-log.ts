/**
 * What the store's locks say of their batteries, day by day: once a day in the journal, for the back office, and for the forecast in a
 * note of the kiosk's own, which outlives the journal's events. Learnt from advertisements, so nothing of it is authenticated.
 */
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { dayOf, keptDays, type BatteryReading } from '#shared/batteries/forecast.ts';
import { every } from '#shared/flow/every.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { mostBatteries, percentSchema } from '#shared/models/battery.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema, serialNumberSchema } from '#shared/models/primitives.ts';
import type { Notes } from '../data/notes.ts';
import type { Journal } from '../journal/journal.ts';
import type { LastHeard } from '../locks/last-heard.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { StoreLocks } from '../visit/store-locks.ts';

const noteKey = 'batteries';
const lookEveryMs = 10 * 60_000;
const freshMs = 24 * 60 * 60_000;

const lockNoteSchema = z.object({
  /** Day and percent, by day. A clock that is wrong adds days that are, and takes none away. */
  readings: z.array(z.tuple([z.int().min(0), percentSchema])).max(keptDays),
  changedAt: epochMsSchema.optional(),
});
const noteSchema = z.object({
  /** The day that is in the journal. */
  day: z.int().min(0).nullable(),
  locks: z.record(serialNumberSchema, lockNoteSchema),
});
type LockNote = z.infer<typeof lockNoteSchema>;

export interface BatteryLog {
  readings(serialNumber: string): readonly BatteryReading[];
  /** When somebody has said that they changed it; null: nobody has since it was noted. */
  changedAt(serialNumber: string): number | null;
  /** Somebody has changed these: what was read before says nothing of them any more. */
  changed(serialNumbers: readonly string[]): Promise<void>;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
  dispose(): Promise<void>;
}

export interface BatteryLogOptions {
  readonly storeLocks$: Observable<StoreLocks>;
  readonly lastHeard: Pick<LastHeard, 'of'>;
  readonly notes: Notes;
  readonly journal: Pick<Journal, 'record'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const createBatteryLog = async (options: BatteryLogOptions): Promise<BatteryLog> => {
  const { storeLocks$, lastHeard, notes, journal, clock, logger } = options;
  const noted = readJson(noteSchema, await notes.readNote(noteKey));
  let day = noted?.day ?? null;
  const kept = new Map<string, LockNote>(Object.entries(noted?.locks ?? {}));
  /** As of the last look; before the first, nobody knows what the store had. */
  let locks: StoreLocks = new Map();
  const store = storeLocks$.subscribe((now) => {
    for (const serialNumber of locks.keys()) if (!now.has(serialNumber)) kept.delete(serialNumber);
    locks = now;
  });
  const queue = createQueue();

  const write = async (): Promise<void> => {
    // Also of one that left the store while this kiosk was not there to see it.
    if (locks.size > 0)
      for (const serialNumber of kept.keys()) if (!locks.has(serialNumber)) kept.delete(serialNumber);
    const text = kept.size === 0 ? '' : JSON.stringify({ day, locks: Object.fromEntries(kept) });
    const written = await notes.writeNote(noteKey, text);
    if (!written.ok) logger.warn('what batteries said was not kept', { code: written.error.code });
  };

  const add = (serialNumber: string, today: number, percent: number): void => {
    const before = kept.get(serialNumber);
    const others = (before?.readings ?? []).filter(([of]) => of !== today);
    const all: LockNote['readings'] = [...others, [today, percent]];
    kept.set(serialNumber, { ...before, readings: all.sort(([a], [b]) => a - b).slice(-keptDays) });
  };
  /** One that is still to come was said by a clock that was ahead: nobody knows when it was. */
  const changedAt = (serialNumber: string): number | null => {
    const at = kept.get(serialNumber)?.changedAt;
    return at === undefined || at > clock.now() ? null : at;
  };

  const look = async (): Promise<void> => {
    const now = clock.now();
    const today = dayOf(now);
    if (today === day) return;
    const batteries = [...locks.keys()].sort().flatMap((serialNumber) => {
      const heard = lastHeard.of(serialNumber);
      if (heard === null || heard.at > now || now - heard.at >= freshMs) return [];
      if (heard.at <= (changedAt(serialNumber) ?? 0)) return [];
      return [{ serialNumber, percent: heard.battery, heardAt: heard.at }];
    });
    if (batteries.length === 0) return;
    for (let at = 0; at < batteries.length; at += mostBatteries)
      await journal.record({ kind: 'batteries_read', batteries: batteries.slice(at, at + mostBatteries) });
    // A kill in between tells one day twice: the same reading of the same day.
    for (const { serialNumber, percent } of batteries) add(serialNumber, today, percent);
    day = today;
    await write();
  };
  const cancel = every(clock, lookEveryMs, () => void queue.add(look));

  return {
    readings: (serialNumber) => {
      const today = dayOf(clock.now());
      const said = (kept.get(serialNumber)?.readings ?? []).filter(
        ([of]) => of > today - keptDays && of <= today,
      );
      return said.map(([of, percent]) => ({ day: of, percent }));
    },
    changedAt,
    changed: (serialNumbers) =>
      queue.add(async () => {
        for (const serialNumber of serialNumbers)
          kept.set(serialNumber, { readings: [], changedAt: clock.now() });
        await write();
      }),
    forgetAll: () =>
      queue.add(async () => {
        day = null;
        kept.clear();
        await write();
      }),
    dispose: async () => {
      cancel();
      store.unsubscribe();
      await queue.idle();
    },
  };
};
