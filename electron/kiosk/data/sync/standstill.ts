/**
 * Where a whole pull has left the store. A point speaks of all collections of a store: as long as the backend still stands there,
 * none of them has anything new, and asking for one of them is enough.
 */
import { pulledNames, type Replica } from '../replica.ts';

export interface Standstill {
  /** Whether all that there is at this point has been pulled. A backend of an earlier release says none. */
  holds(point: string | undefined): boolean;
  /** A whole pull has ended, before which the store stood there. */
  note(point: string | undefined): void;
}

/** Kept in memory alone: after a start everything is asked for. */
export const createStandstill = (replica: Pick<Replica, 'cursor' | 'isTakenAnew'>): Standstill => {
  let noted: { readonly point: string; readonly cursors: string } | null = null;
  // Whatever is to be pulled again has its cursor put back, or is taken anew.
  const cursors = (): string => pulledNames.map((name) => replica.cursor(name)).join(' ');
  return {
    holds: (point) =>
      noted !== null &&
      noted.point === point &&
      noted.cursors === cursors() &&
      !pulledNames.some((name) => replica.isTakenAnew(name)),
    note: (point) => {
      noted = point === undefined ? null : { point, cursors: cursors() };
    },
  };
};
