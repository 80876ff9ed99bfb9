/** The tables of locks and of the places that they are in. */
import type { ColumnType, Generated } from 'kysely';
import type { InStore, Versioned } from './columns.ts';

export interface LocksTable extends Versioned {
  serial_number: string;
  type: string;
  name: string;
  group_name: string;
  device_certificate: string;
  /** Whose name and group it has. */
  place_id: ColumnType<string | null, string | null | undefined, string | null>;
  /** It is in no place since another took its own. */
  spare: Generated<boolean>;
}

/** What people name; locks come and go in it. */
export interface PlacesTable extends InStore {
  place_id: string;
  name: string;
  group_name: string;
}

/** Each stay of a lock in a place; `until` is null while it is there. */
export interface OccupanciesTable extends InStore {
  place_id: string;
  serial_number: string;
  since: number;
  until: number | null;
}
