import { checklist } from './checklist.ts';
import { checkFuse, fuseNames } from './fuses.ts';
import { places, type Finding, type Subject } from './subject.ts';

export interface Result extends Finding {
  readonly kind: 'checklist' | 'fuse';
  readonly number: number;
  readonly title: string;
  /** Where the check looked. */
  readonly place: string;
}

/** Whatever goes wrong in a check fails it. */
const settled = (check: Promise<Finding>): Promise<Finding> =>
  check.catch((error: unknown) => ({
    ok: false,
    seen: error instanceof Error ? error.message : String(error),
  }));

/** Runs every check of the list and of the fuses, in their order. */
export const runAudit = async (subject: Subject): Promise<readonly Result[]> => {
  const packaged = subject.isStandIn ? `${places.package} on a stand-in` : places.package;
  const results: Result[] = [];
  for (const { number, title, place, check } of checklist) {
    const where = place === places.package ? packaged : place;
    results.push({ kind: 'checklist', number, title, place: where, ...(await settled(check(subject))) });
  }
  for (const [index, name] of fuseNames.entries()) {
    const finding = await settled(checkFuse(subject.executable, name));
    results.push({ kind: 'fuse', number: index + 1, title: name, place: packaged, ...finding });
  }
  return results;
};
