/** Which locks could take the place of one. */
import type { LocksView, LockTile, NewLocksView, Proximity } from '#shared/ipc/views.ts';

export interface Candidate {
  readonly kind: 'spare' | 'free' | 'new';
  readonly serialNumber: string;
  readonly name: string;
  /** null: out of range. */
  readonly proximity: Proximity | null;
}

const of =
  (kind: Candidate['kind']) =>
  ({ serialNumber, name, proximity }: Pick<LockTile, 'serialNumber' | 'name' | 'proximity'>): Candidate => ({
    kind,
    serialNumber,
    name,
    proximity,
  });

const ranks = { here: 0, near: 1, far: 2, unknown: 3 } as const satisfies Record<Proximity, number>;
const rank = ({ proximity }: Candidate): number => (proximity === null ? 4 : ranks[proximity]);

/** The nearest first. What is being added already has a name of its own. */
export const replacementsFor = (
  serialNumber: string,
  locks: LocksView | null,
  newLocks: NewLocksView | null,
): readonly Candidate[] =>
  [
    ...(locks?.spares ?? []).map(of('spare')),
    ...(locks?.locks ?? []).filter(({ group }) => group === '').map(of('free')),
    ...(newLocks?.locks ?? [])
      .filter(({ enrolment }) => enrolment === null || enrolment === 'conflicted')
      .map((lock) => of('new')({ ...lock, name: '' })),
  ]
    .filter((one) => one.serialNumber !== serialNumber)
    .sort((a, b) => rank(a) - rank(b) || (a.serialNumber < b.serialNumber ? -1 : 1));

/** Whether the one has the other's place: it is among the locks under that name, and the other is not. */
export const tookPlace = (
  { serialNumber, by, name }: { readonly serialNumber: string; readonly by: string; readonly name: string },
  view: LocksView | null,
): boolean => {
  const locks = view?.locks ?? [];
  return (
    locks.some((lock) => lock.serialNumber === by && lock.name === name) &&
    !locks.some((lock) => lock.serialNumber === serialNumber)
  );
};
