/** What the store's locks are called and where they are, as the backend will have it once it has heard of what was done here. */
import type { PlannedEvent } from '#shared/models/access-event.ts';
import { isSameName } from '#shared/models/naming.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';

/** A lock in no place keeps its group, and with it the group's rule, and is called by its serial number alone. */
export const asSpare = (
  serialNumber: string,
  group: string,
): Pick<StoreLock, 'name' | 'group' | 'place'> => ({
  name: serialNumber,
  group,
  place: null,
});

export const isOfStandings = ({ kind }: Pick<PlannedEvent, 'kind'>): boolean =>
  kind === 'lock_renamed' || kind === 'lock_replaced';

/** A lock that is not called any more what the person saw has been named since by who knew more. */
const rename = (locks: Map<string, StoreLock>, { serialNumber, renaming }: PlannedEvent): void => {
  const lock = serialNumber === null ? undefined : locks.get(serialNumber);
  if (!lock || !renaming || !isSameName(lock, renaming.from)) return;
  const { name, group } = renaming.to;
  // A spare that is named is in a place again; in which, the backend says.
  locks.set(lock.serialNumber, { ...lock, name, group, place: lock.place ?? undefined });
};

/** Never two in one place: where the backend has one there of which nobody knew, or the new one elsewhere, its word stands. */
const replace = (locks: Map<string, StoreLock>, { serialNumber, replacement, place }: PlannedEvent): void => {
  const next = replacement && locks.get(replacement.by);
  if (serialNumber === null || !next || place === undefined) return;
  const there = [...locks.values()].filter((lock) => lock.place === place);
  if (there.some((lock) => lock.serialNumber !== serialNumber && lock !== next)) return;
  const old = there.find((lock) => lock.serialNumber === serialNumber);
  if (next.place !== place) {
    if (!isSameName(next, replacement.was)) return;
    const { name, group } = old ?? replacement.naming;
    locks.set(next.serialNumber, { ...next, name, group, place });
  }
  if (old) locks.set(serialNumber, { ...old, ...asSpare(serialNumber, old.group) });
};

/** `events` in the order in which they happened; one that the backend has heard of already changes nothing more. */
export const standingsAsDone = (locks: StoreLocks, events: readonly PlannedEvent[]): StoreLocks => {
  if (events.length === 0) return locks;
  const all = new Map(locks);
  for (const event of events) {
    if (event.kind === 'lock_renamed') rename(all, event);
    else if (event.kind === 'lock_replaced') replace(all, event);
  }
  return all;
};
