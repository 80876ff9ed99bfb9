/** The alarms, for who may acknowledge them; while nobody is signed in, how many there are, and for others nothing. */
import { combineLatest, map, type Observable } from 'rxjs';
import type { AlarmsView } from '#shared/ipc/views.ts';
import { alarmKinds, alarmTraits } from '#shared/models/alarm.ts';
import type { StaffDocument, StoreDocument } from '#shared/models/documents.ts';
import type { OpenAlarm } from '../alarms/alarms.ts';
import type { Judge } from '../staff/judge.ts';
import type { Session } from '../staff/session.ts';
import type { StoreLocks } from '../visit/store-locks.ts';

export interface AlarmsViewSources {
  readonly alarms$: Observable<readonly OpenAlarm[]>;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly staff$: Observable<readonly StaffDocument[]>;
  readonly store$: Observable<StoreDocument | null>;
  readonly session$: Observable<Session | null>;
  readonly judge: Pick<Judge, 'refusal' | 'changed$'>;
}

export const alarmsView = (sources: AlarmsViewSources): Observable<AlarmsView> =>
  combineLatest([
    sources.alarms$,
    sources.storeLocks$,
    sources.staff$,
    sources.session$,
    sources.store$,
    sources.judge.changed$,
  ]).pipe(
    map(([alarms, locks, staff, session, store]) => {
      const mayAcknowledge =
        session === null || !sources.judge.refusal(session.staffId, 'acknowledge_alarms', null);
      // What is no lock's, they see nowhere: it must not call them.
      const waiting = alarms.filter(
        ({ acknowledged, serialNumber }) =>
          acknowledged === null && (mayAcknowledge || serialNumber !== null),
      );
      const grave = waiting.filter(({ kind }) => alarmTraits[kind].grave);
      const counted = {
        count: waiting.length,
        grave: grave.length,
        newestAt: newestOf(waiting.filter(({ kind }) => kind !== 'duress')),
        newestGraveAt: newestOf(grave),
      };
      if (session === null) return { ...counted, alarms: [] };
      if (!mayAcknowledge) return { ...counted, count: 0, alarms: [] };
      const told = store?.duress?.at(-1);
      const nameOf = (staffId: string): string | null =>
        staff.find((person) => person.staffId === staffId)?.name ?? null;
      return {
        ...counted,
        alarms: [...alarms].sort(byUrgency).map(({ kind, serialNumber, since, acknowledged }) => {
          const lock = serialNumber === null ? undefined : locks.get(serialNumber);
          return {
            kind,
            lock:
              serialNumber === null
                ? null
                : { serialNumber, name: lock?.name ?? '', group: lock?.group ?? '' },
            since,
            ...(kind === 'duress' && told
              ? { elsewhere: { kioskName: told.kioskName, name: nameOf(told.staffId), at: told.at } }
              : {}),
            acknowledged: acknowledged && { at: acknowledged.at, name: nameOf(acknowledged.staffId) },
          };
        }),
      };
    }),
  );

/** They are in the order in which they came, whatever the clock said. */
const newestOf = (alarms: readonly OpenAlarm[]): number | null => alarms.at(-1)?.since ?? null;

/** What nobody has acknowledged first, then the gravest, then the newest. */
const byUrgency = (a: OpenAlarm, b: OpenAlarm): number =>
  Number(a.acknowledged !== null) - Number(b.acknowledged !== null) ||
  alarmKinds.indexOf(a.kind) - alarmKinds.indexOf(b.kind) ||
  b.since - a.since ||
  ((a.serialNumber ?? '') < (b.serialNumber ?? '') ? -1 : 1);
