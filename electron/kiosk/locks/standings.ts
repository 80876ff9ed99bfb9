/** What a lock is called and where it is, as it was made here, over what the backend still says of it. */
import type { AccessEvent, Naming } from '#shared/models/access-event.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';

/** `place` as in `StoreLock`; undefined also where an event does not tell. */
export interface Standing extends Naming {
  readonly place?: string | null | undefined;
}

/** `over`: what the backend may still say while it has not heard of all of it. */
export interface Given {
  readonly to: Standing;
  readonly over: readonly Standing[];
}
export type Standings = ReadonlyMap<string, Given>;

export interface Change {
  readonly serialNumber: string;
  readonly from: Standing;
  readonly to: Standing;
}

export const standingOf = ({ name, group, place }: StoreLock): Standing => ({ name, group, place });

/** A lock in no place keeps its group, and with it the group's rule, and is called by its serial number alone. */
export const asSpare = (serialNumber: string, group: string): Standing => ({
  name: serialNumber,
  group,
  place: null,
});

/** What an event of this kiosk has made of locks. */
export const changesOf = (
  event: Pick<AccessEvent, 'serialNumber' | 'renaming' | 'replacement' | 'place'>,
): readonly Change[] => {
  const { serialNumber, renaming, replacement, place } = event;
  if (serialNumber === null) return [];
  if (renaming) return [{ serialNumber, ...renaming }];
  if (!replacement) return [];
  const { by, was, naming } = replacement;
  return [
    { serialNumber, from: { ...naming, place }, to: asSpare(serialNumber, naming.group) },
    { serialNumber: by, from: was, to: { ...naming, place } },
  ];
};

export const isSame = (a: Standing, b: Standing): boolean =>
  a.name === b.name &&
  a.group === b.group &&
  (a.place === undefined || b.place === undefined || a.place === b.place);

/** Whether the backend still says of it what it was before. */
export const isShown = (lock: StoreLock, { to, over }: Given): boolean =>
  !isSame(lock, to) && over.some((standing) => isSame(lock, standing));

export const withStandings = (locks: StoreLocks, given: Standings): StoreLocks => {
  if (given.size === 0) return locks;
  const all = new Map(locks);
  for (const [serial, one] of given) {
    const lock = locks.get(serial);
    if (lock && isShown(lock, one)) all.set(serial, { ...lock, ...one.to });
  }
  return all;
};
