/** The Counter's sections: the locks of a group stand together under its name. */
import type { LockTile } from '#shared/ipc/views.ts';

export interface Section {
  /** Empty for the locks that are of no group. */
  readonly group: string;
  readonly locks: readonly LockTile[];
}

/** As many as one run takes. */
const mostAtOnce = 50;

/** `locks` by group; both the groups and the locks of each stay in the order in which they come. */
export const sectionsOf = (locks: readonly LockTile[]): readonly Section[] => {
  const sections = new Map<string, LockTile[]>();
  for (const lock of locks) {
    const section = sections.get(lock.group);
    if (section) section.push(lock);
    else sections.set(lock.group, [lock]);
  }
  return [...sections].map(([group, ofGroup]) => ({ group, locks: ofGroup }));
};

/** What of a section "Open all" opens: the locks at arm's length that may be opened; none where it is less than two. */
export const openableAtOnce = ({ group, locks }: Section): readonly string[] => {
  if (group === '') return [];
  const here = locks.filter((lock) => lock.proximity === 'here' && lock.obstacle === null);
  return here.length < 2 ? [] : here.slice(0, mostAtOnce).map(({ serialNumber }) => serialNumber);
};
