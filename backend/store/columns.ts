/** Columns that many tables have, as Kysely sees them. */
import type { ColumnType, Generated } from 'kysely';

/** Written as JSON text, read as a value. */
export type Json<T> = ColumnType<T, string, string>;

export interface InStore {
  tenant_id: string;
  store_id: string;
}

/** What kiosks pull: each change has a higher version, and what was removed stays as a row. */
export interface Versioned extends InStore {
  version: number;
  deleted: Generated<boolean>;
}
