/** All streams of the page, each at the pace that a person can follow. */
import { combineLatest, distinctUntilChanged, map, type Observable } from 'rxjs';
import { languageOf } from '#shared/models/language.ts';
import type { HealthView } from '#shared/ipc/health-view.ts';
import type { KioskApi } from '../ipc/api.ts';
import { alarmsView, type AlarmsViewSources } from './alarms-view.ts';
import { attemptView, groupView, type AttemptViewSources, type GroupViewSources } from './attempt-view.ts';
import { enrolmentsView, type EnrolmentsViewSources } from './enrolments-view.ts';
import { healthView, type HealthViewSources } from './health-view.ts';
import { kioskView, seesHealth, type KioskViewSources } from './kiosk-view.ts';
import { locksView, type LocksViewSources } from './locks-view.ts';
import { newLocksView, type NewLocksViewSources } from './new-locks-view.ts';
import { createSnapshotStream, type SnapshotStream } from './snapshot-stream.ts';

export type StreamSources = Omit<
  AlarmsViewSources &
    AttemptViewSources &
    GroupViewSources &
    EnrolmentsViewSources &
    HealthViewSources &
    KioskViewSources &
    LocksViewSources &
    NewLocksViewSources,
  'language$'
>;

/** Milliseconds between two snapshots. An attempt's stages are short: each is shown. */
const pace = {
  kiosk: 50,
  locks: 200,
  alarms: 50,
  newLocks: 200,
  attempt: 20,
  group: 50,
  enrolments: 100,
  health: 200,
} as const;

export interface KioskStreams {
  readonly streams: KioskApi['streams'];
  dispose(): void;
}

export const createKioskStreams = (ports: StreamSources): KioskStreams => {
  const { clock, store$ } = ports;
  const language$ = store$.pipe(map(languageOf), distinctUntilChanged());
  const sources = { ...ports, language$ };
  const made: SnapshotStream<unknown>[] = [];
  const stream = <T>(
    view$: Observable<T>,
    everyMs: number,
    begins: { readonly onceAsked?: boolean } = {},
  ): Observable<T> => {
    const snapshots = createSnapshotStream(view$, clock, everyMs, begins);
    made.push(snapshots);
    return snapshots.stream$;
  };
  return {
    streams: {
      kiosk: stream(kioskView(sources), pace.kiosk),
      locks: stream(locksView(sources), pace.locks, { onceAsked: true }),
      alarms: stream(alarmsView(sources), pace.alarms),
      newLocks: stream(newLocksView(sources), pace.newLocks),
      attempt: stream(attemptView(sources), pace.attempt),
      group: stream(groupView(sources), pace.group),
      enrolments: stream(enrolmentsView(sources), pace.enrolments),
      health: stream(healthFor(healthView(sources), sources), pace.health),
    },
    dispose: () => {
      for (const snapshots of made) snapshots.dispose();
    },
  };
};

/** Who may not see Health gets what the bar and the tiles say, and no more of it. */
const healthFor = (
  health$: Observable<HealthView>,
  { judge, phase$, staff$, session$ }: KioskViewSources,
): Observable<HealthView> =>
  combineLatest([health$, phase$, staff$, session$, judge.changed$]).pipe(
    map(([health, phase, staff, session]) =>
      seesHealth(judge, phase, staff, session)
        ? health
        : {
            ...withoutUpdates(health),
            radio: { state: health.radio.state, since: health.radio.since },
            time: { ...health.time, skewMs: null },
            vault: { state: health.vault.state, since: health.vault.since },
          },
    ),
  );

const withoutUpdates = ({ updates: _, ...health }: HealthView): HealthView => health;
