import { combineLatest, map, type Observable } from 'rxjs';
import type { HealthView } from '#shared/ipc/health-view.ts';
import type { DataLoss } from '../data/loss-memory.ts';
import type { SyncState } from '../data/port.ts';
import type { KioskReadiness } from '../visit/kiosk-readiness.ts';
import type { Clock } from '../platform/clock.ts';
import { withSince } from './since.ts';
import { ticks } from './ticks.ts';
import { updateView, type UpdateViewSources } from './update-view.ts';

const dayMs = 86_400_000;
/** That a certificate will lapse is said this long before, or for the last third of a shorter life. */
const renewSoonMs = 30 * dayMs;
/** Kiosk time further from the backend's than this is called wrong. */
const wrongTimeMs = 60_000;
const lookEveryMs = 5_000;
/** So long what was lost is said. */
const lossSaidMs = 14 * dayMs;

export interface HealthViewSources {
  readonly readiness$: Observable<KioskReadiness>;
  readonly sync$: Observable<SyncState>;
  /** Whether the machine's clock was seen to run back. */
  readonly rolledBack: () => boolean;
  readonly loss$: Observable<DataLoss | null>;
  /** Milliseconds by stage of the last successful unlocks, medians; null before the first. */
  readonly unlockMs: () => HealthView['radio']['unlockMs'] | null;
  /** Of the key that signs for this kiosk. */
  readonly fingerprint: () => string | null;
  /** null where IT pushes updates. */
  readonly updates: UpdateViewSources | null;
  /** Trusted time. */
  readonly clock: Clock;
}

/** For one subscriber: `since` is counted per subscription. */
export const healthView = (sources: HealthViewSources): Observable<HealthView> => {
  const { readiness$, sync$, rolledBack, loss$, unlockMs, fingerprint, updates, clock } = sources;
  const state$ = combineLatest([readiness$, sync$, ticks(clock, lookEveryMs)]);
  const part = <T extends { readonly state: string }>(
    look: (readiness: KioskReadiness, sync: SyncState) => T,
  ): Observable<T & { readonly since: number }> =>
    withSince(state$.pipe(map(([readiness, sync]) => look(readiness, sync))), clock);

  return combineLatest({
    radio: part(({ radio }) => {
      const medians = unlockMs();
      return medians ? { state: radio, unlockMs: medians } : { state: radio };
    }),
    connection: part(({ lastContactAt }, { connection, waiting, pulling, invalidRows, ...sync }) => ({
      state: connection,
      waiting,
      lastContactAt,
      pulling,
      invalidRows,
      ...(sync.noAnswer === null ? {} : { noAnswer: sync.noAnswer }),
      ...(sync.sendingRefused ? { sendingRefused: true as const } : {}),
    })).pipe(map(sinceLastContact())),
    certificates: part((readiness) => certificates(readiness, clock.now())),
    lease: part((readiness) => lease(readiness, clock.now())),
    time: part((_, { skewMs }) => time(skewMs, rolledBack())),
    vault: part(({ vault }) => {
      const own = fingerprint();
      return own === null ? { state: vault } : { state: vault, fingerprint: own };
    }),
    data: withLossSince(loss$, state$, clock),
    updates: updateView(updates, clock),
  }).pipe(map(({ updates: shown, ...health }) => (shown ? { ...health, updates: shown } : health)));
};

/** Since when it was lost, and not since this start. */
const withLossSince = (
  loss$: Observable<DataLoss | null>,
  looked$: Observable<unknown>,
  clock: Clock,
): Observable<HealthView['data']> => {
  const since = clock.now();
  return combineLatest([loss$, looked$]).pipe(
    map(([loss]) => {
      const now = clock.now();
      // A clock that was ahead said so: it was at the latest now.
      if (!loss || now - loss.at >= lossSaidMs) return { state: 'whole', since };
      return { state: loss.kind, since: Math.min(loss.at, now) };
    }),
  );
};

/** A kiosk that starts without a connection has had none since its last contact, not only since its start. */
const sinceLastContact = (): (<T extends Pick<HealthView['connection'], 'state' | 'since' | 'lastContactAt'>>(
  connection: T,
) => T) => {
  let wasOnline = false;
  return (connection) => {
    const { state, since, lastContactAt } = connection;
    wasOnline ||= state === 'online';
    const from = state === 'offline' && !wasOnline ? Math.min(since, lastContactAt ?? since) : since;
    return { ...connection, since: from };
  };
};

const certificates = (
  { intermediate }: KioskReadiness,
  now: number,
): Omit<HealthView['certificates'], 'since'> => {
  switch (intermediate.kind) {
    case 'valid': {
      const { notBefore, notAfter } = intermediate.document;
      const warnMs = Math.min(renewSoonMs, (notAfter - notBefore) / 3);
      return { state: now >= notAfter - warnMs ? 'renew_soon' : 'valid', validUntil: notAfter };
    }
    case 'expired':
      return { state: 'expired', validUntil: intermediate.expiredAt };
    case 'missing':
      return { state: 'missing', validUntil: null };
  }
};

const lease = ({ leaseUntil }: KioskReadiness, now: number): Omit<HealthView['lease'], 'since'> => ({
  state: leaseUntil === null ? 'none' : now < leaseUntil ? 'valid' : 'expired',
  until: leaseUntil,
});

/** What was measured before the clock was turned says nothing of how wrong it is since. */
const time = (skewMs: number | null, rolledBack: boolean): Omit<HealthView['time'], 'since'> => {
  if (rolledBack) return { state: 'wrong', skewMs: null };
  if (skewMs === null) return { state: 'unchecked', skewMs };
  return { state: Math.abs(skewMs) > wrongTimeMs ? 'wrong' : 'checked', skewMs: Math.round(skewMs) };
};
