/** Another lock in the place of one: whether that can be, and what the journal says of it. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Naming } from '#shared/models/naming.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { Judge } from '../staff/judge.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';
import { asSpare } from './standings.ts';

export interface Replacing {
  /** The lock that leaves its place. */
  readonly serialNumber: string;
  /** The lock that takes it. */
  readonly by: string;
  readonly staffId: string;
}

type Entry = JournalEntry & Required<Pick<JournalEntry, 'replacement'>> & { readonly serialNumber: string };

/** What people have put somewhere has a group; what is in none may be put in the place of another. */
const isFree = ({ place, group }: StoreLock): boolean => place === null || group === '';

const entryOf = ({ by, staffId }: Replacing, old: StoreLock, place: string, was: Naming): Entry => {
  const { serialNumber, name, group } = old;
  const replacement = { by, was: { name: was.name, group: was.group }, naming: { name, group } };
  return { kind: 'lock_replaced', serialNumber, staffId, replacement, place };
};

/** By a lock that is the store's. */
export const replacementOf = (
  replacing: Replacing,
  locks: StoreLocks,
  judge: Pick<Judge, 'leavesRule'>,
): Result<Entry> => {
  const { serialNumber, by } = replacing;
  const [old, next] = [locks.get(serialNumber), locks.get(by)];
  if (!old) return fail('lock.other_store', { serialNumber });
  if (!next) return fail('lock.other_store', { serialNumber: by });
  if (!old.place) return fail('lock.in_no_place', { serialNumber });
  if (!isFree(next) || by === serialNumber) return fail('lock.in_a_place', { serialNumber: by });
  // As where a lock is named: its rule is left for no other.
  if (judge.leavesRule(next.group, old.group)) return fail('rights.other_rule');
  return ok(entryOf(replacing, old, old.place, next));
};

/** By a lock that was added to replace it, and has never been anywhere; null where one of them is not where it was any more. */
export const readyReplacementOf = (replacing: Replacing, locks: StoreLocks): Entry | null => {
  const [old, next] = [locks.get(replacing.serialNumber), locks.get(replacing.by)];
  if (!old?.place || next?.place) return null;
  return entryOf(replacing, old, old.place, next ?? asSpare(replacing.by, old.group));
};
