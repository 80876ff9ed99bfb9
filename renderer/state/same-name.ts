/** Two locks of one name in one group: nobody can tell which of them to open. */
import { plain } from './search.ts';

interface Named {
  readonly serialNumber: string;
  readonly name: string;
  readonly group: string;
}

/** Whether another lock of that group is called the same, as people read it: case, accents and spaces at the ends aside. */
export const isTaken = (lock: Named, others: Iterable<Named>): boolean => {
  const name = plain(lock.name.trim());
  const group = plain(lock.group.trim());
  if (name === '') return false;
  for (const other of others) {
    if (other.serialNumber === lock.serialNumber) continue;
    if (plain(other.name.trim()) === name && plain(other.group.trim()) === group) return true;
  }
  return false;
};
