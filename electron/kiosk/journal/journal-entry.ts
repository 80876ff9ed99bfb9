import type { AccessEvent, Circumstances, PlannedEvent } from '#shared/models/access-event.ts';

/** What happened, by whoever saw it; what is left out is null (`stageMs`: empty). */
export interface JournalEntry {
  readonly kind: AccessEvent['kind'];
  readonly staffId?: string | null;
  readonly serialNumber?: string | null;
  readonly attemptId?: string | null;
  readonly errorCode?: AccessEvent['errorCode'];
  readonly stageMs?: AccessEvent['stageMs'];
  readonly correction?: AccessEvent['correction'];
  readonly orderId?: string | null;
  readonly renaming?: AccessEvent['renaming'];
  readonly replacement?: AccessEvent['replacement'];
  /** Where it is left out, that which the lock is in now. */
  readonly place?: AccessEvent['place'];
  readonly alarm?: AccessEvent['alarm'];
  readonly sweep?: AccessEvent['sweep'];
  readonly batteries?: AccessEvent['batteries'];
  readonly round?: AccessEvent['round'];
  readonly served?: AccessEvent['served'];
  readonly exported?: AccessEvent['exported'];
  readonly lockList?: AccessEvent['lockList'];
  readonly update?: AccessEvent['update'];
  readonly purpose?: AccessEvent['purpose'];
  readonly badges?: readonly string[];
  readonly allBadges?: true | undefined;
  readonly circumstances?: Circumstances | undefined;
}

/** What the kiosk adds to what happened. */
export interface EntryContext extends Pick<PlannedEvent, 'eventId' | 'kioskId' | 'at' | 'offline' | 'clock'> {
  /** The place that the lock is in now; undefined: in none that is known. */
  readonly place: AccessEvent['place'];
}

/** The event of an entry, before it has its place in the chain. */
export const eventOf = (entry: JournalEntry, context: EntryContext): PlannedEvent => {
  const { eventId, kioskId, at, offline, clock } = context;
  const place = entry.place ?? context.place;
  return {
    eventId,
    kioskId,
    at,
    kind: entry.kind,
    staffId: entry.staffId ?? null,
    serialNumber: entry.serialNumber ?? null,
    attemptId: entry.attemptId ?? null,
    errorCode: entry.errorCode ?? null,
    offline,
    stageMs: entry.stageMs ?? {},
    clock,
    ...(entry.correction ? { correction: entry.correction } : {}),
    ...(entry.orderId ? { orderId: entry.orderId } : {}),
    ...(entry.renaming ? { renaming: entry.renaming } : {}),
    ...(entry.replacement ? { replacement: entry.replacement } : {}),
    ...(place === undefined ? {} : { place }),
    ...(entry.alarm ? { alarm: entry.alarm } : {}),
    ...(entry.sweep ? { sweep: entry.sweep } : {}),
    ...(entry.batteries ? { batteries: entry.batteries } : {}),
    ...(entry.round ? { round: entry.round } : {}),
    ...(entry.served ? { served: entry.served } : {}),
    ...(entry.exported ? { exported: entry.exported } : {}),
    ...(entry.lockList ? { lockList: entry.lockList } : {}),
    ...(entry.update ? { update: entry.update } : {}),
    ...(entry.purpose ? { purpose: entry.purpose } : {}),
    ...(entry.badges ? { badges: [...entry.badges] } : {}),
    ...(entry.allBadges ? { allBadges: true as const } : {}),
    ...entry.circumstances,
  };
};
