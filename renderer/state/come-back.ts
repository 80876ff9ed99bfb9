/**
 * Where somebody was whom idleness has signed out: they go on there, if they are the next who comes. In memory alone; whoever else
 * signs in begins where everyone begins, and nothing is kept of the one before.
 */
export interface ComeBack<P> {
  /** Of which lock a sheet is open now; null: none is. */
  sheetShows(serialNumber: string | null): void;
  /** This person has been signed out by idleness, at `place`. */
  leave(staffId: string, place: P): void;
  /** This person has signed in: where they were, and of which lock the sheet was open. */
  of(staffId: string): { readonly place: P | null; readonly lock: string | null };
}

export const createComeBack = <P>(): ComeBack<P> => {
  let open: string | null = null;
  let left: { readonly staffId: string; readonly place: P; readonly lock: string | null } | null = null;
  return {
    sheetShows: (serialNumber) => {
      open = serialNumber;
    },
    leave: (staffId, place) => {
      left = { staffId, place, lock: open };
      open = null;
    },
    of: (staffId) => {
      const was = left?.staffId === staffId ? left : null;
      left = null;
      open = null;
      return { place: was?.place ?? null, lock: was?.lock ?? null };
    },
  };
};
