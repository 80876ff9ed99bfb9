/**
 * The alarms that are open: raised once, however often their cause is told, over restarts and kills. Each change is written down
 * together with the access event that tells of it, and the event is in the journal once.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { z } from 'zod';
import { createQueue } from '#shared/flow/queue.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { plannedEventSchema, type PlannedEvent } from '#shared/models/access-event.ts';
import { alarmKindSchema, alarmTraits, type AlarmKind } from '#shared/models/alarm.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema, serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import type { Notes } from '../data/notes.ts';
import type { KioskData } from '../data/port.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';

const noteKey = 'alarms';

const openAlarmSchema = z.object({
  kind: alarmKindSchema,
  /** null: of no lock. */
  serialNumber: serialNumberSchema.nullable(),
  /** Epoch ms, by the kiosk's clock. */
  since: epochMsSchema,
  acknowledged: z.object({ at: epochMsSchema, staffId: uuidSchema }).nullable(),
});
export type OpenAlarm = Readonly<z.infer<typeof openAlarmSchema>>;

/** `pending`: events that may not be in the journal yet, oldest first. */
const noteSchema = z.object({ open: z.array(openAlarmSchema), pending: z.array(plannedEventSchema) });

export interface Alarms {
  /** Replays; the oldest first. */
  readonly alarms$: Observable<readonly OpenAlarm[]>;
  find(kind: AlarmKind, serialNumber: string | null): OpenAlarm | undefined;
  /** Its cause is there. The first time is an access event. */
  raise(kind: AlarmKind, serialNumber: string | null): Promise<void>;
  /** Its cause is not there any more: ends the alarm, or lets a person end it, as its kind has it. */
  causeOver(kind: AlarmKind, serialNumber: string | null): Promise<void>;
  /** This person has. Durable when ok, and an access event; where there is nothing to acknowledge, ok and nothing. */
  acknowledge(kind: AlarmKind, serialNumber: string | null, staffId: string): Promise<Result<null>>;
  /** The lock is not of this store any more: its alarms end. */
  forget(serialNumber: string): Promise<void>;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
  /** Records what a kill left unrecorded; call it once, before anything else is recorded. */
  recover(): Promise<void>;
  /** Resolves once all that was begun is written down and recorded, or could not be. */
  settled(): Promise<void>;
}

export interface AlarmsOptions {
  readonly notes: Notes;
  readonly data: Pick<KioskData, 'hasEvent'>;
  readonly journal: Pick<Journal, 'plan' | 'recordPlanned'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const keyOf = (kind: AlarmKind, serialNumber: string | null): string => `${kind} ${serialNumber ?? ''}`;

export const createAlarms = async (options: AlarmsOptions): Promise<Alarms> => {
  const { notes, data, journal, clock, logger } = options;
  const noted = readJson(noteSchema, await notes.readNote(noteKey));
  const open = new Map((noted?.open ?? []).map((one) => [keyOf(one.kind, one.serialNumber), one]));
  let pending: PlannedEvent[] = noted?.pending ?? [];
  /** Those whose lock says nothing of it any more, as far as it was heard since the start. */
  const causesOver = new Set<string>();
  const alarms$ = new BehaviorSubject<readonly OpenAlarm[]>([...open.values()]);
  const changes = createQueue();

  const write = (): Promise<Result<null>> =>
    notes.writeNote(
      noteKey,
      open.size === 0 && pending.length === 0 ? '' : JSON.stringify({ open: [...open.values()], pending }),
    );

  const record = async (event: PlannedEvent): Promise<void> => {
    const recorded = await journal.recordPlanned(event);
    if (recorded.ok) pending = pending.filter((one) => one !== event);
  };
  /** An event that is left in the note would be taken for unrecorded once the journal has removed it for its age. */
  const leaveOut = async (noted: readonly PlannedEvent[]): Promise<void> => {
    for (const event of pending)
      if (await data.hasEvent(event.eventId)) pending = pending.filter((one) => one !== event);
    if (noted.some((event) => !pending.includes(event))) await write();
  };

  /** null: it is over. */
  const put = (key: string, alarm: OpenAlarm | null): void => {
    if (alarm) open.set(key, alarm);
    else {
      open.delete(key);
      causesOver.delete(key);
    }
    alarms$.next([...open.values()]);
  };

  /**
   * One after the other. `must`: what the disk does not take has not happened; else it is so all the same, and the journal keeps its
   * event until the disk takes that.
   */
  const change = async (
    kind: AlarmKind,
    serialNumber: string | null,
    to: (
      before: OpenAlarm | undefined,
    ) => { readonly alarm: OpenAlarm | null; readonly staffId?: string } | null,
    must = false,
  ): Promise<Result<null>> => {
    const key = keyOf(kind, serialNumber);
    const before = open.get(key);
    const next = to(before);
    if (next === null) return ok(null);
    const { alarm, staffId = null } = next;
    const what = alarm === null ? 'alarm_ended' : staffId === null ? 'alarm_raised' : 'alarm_acknowledged';
    const event = journal.plan({ kind: what, serialNumber, staffId, alarm: kind });
    const pendingBefore = pending;
    if (event) pending = [...pending, event];
    put(key, alarm);
    const written = await write();
    if (!written.ok) {
      logger.warn('an alarm was not kept', { code: written.error.code, alarm: kind });
      if (must) {
        pending = pendingBefore;
        put(key, before ?? null);
        return written;
      }
    }
    const noted = pending;
    if (event) await record(event);
    await leaveOut(noted);
    return written;
  };

  const ends = (kind: AlarmKind, serialNumber: string | null): Promise<Result<null>> =>
    change(kind, serialNumber, (before) => (before ? { alarm: null } : null));

  return {
    alarms$,
    find: (kind, serialNumber) => open.get(keyOf(kind, serialNumber)),
    raise: async (kind, serialNumber) => {
      causesOver.delete(keyOf(kind, serialNumber));
      if (open.has(keyOf(kind, serialNumber))) return;
      await changes.add(() =>
        change(kind, serialNumber, (before) =>
          before ? null : { alarm: { kind, serialNumber, since: clock.now(), acknowledged: null } },
        ),
      );
    },
    causeOver: async (kind, serialNumber) => {
      const key = keyOf(kind, serialNumber);
      const alarm = open.get(key);
      const { ends: by } = alarmTraits[kind];
      if (!alarm || by === 'person') return;
      causesOver.add(key);
      if (by === 'lock_and_person' && !alarm.acknowledged) return;
      await changes.add(() => ends(kind, serialNumber));
    },
    acknowledge: (kind, serialNumber, staffId) =>
      changes.add(async () => {
        const at = clock.now();
        const acknowledged = await change(
          kind,
          serialNumber,
          (before) =>
            before && !before.acknowledged
              ? { alarm: { ...before, acknowledged: { at, staffId } }, staffId }
              : null,
          true,
        );
        const isOver = alarmTraits[kind].ends === 'person' || causesOver.has(keyOf(kind, serialNumber));
        if (acknowledged.ok && isOver) await ends(kind, serialNumber);
        return acknowledged;
      }),
    forget: (serialNumber) =>
      changes.add(async () => {
        const its = [...open.values()].filter((one) => one.serialNumber === serialNumber);
        for (const { kind } of its) await ends(kind, serialNumber);
      }),
    forgetAll: () =>
      changes.add(async () => {
        open.clear();
        causesOver.clear();
        pending = [];
        alarms$.next([]);
        await write();
      }),
    recover: () =>
      changes.add(async () => {
        const noted = pending;
        for (const event of noted) if (!(await data.hasEvent(event.eventId))) await record(event);
        await leaveOut(noted);
      }),
    settled: () => changes.idle(),
  };
};
