/** The tables of enrolments: what kiosks have captured, who holds a serial number, what is to be registered at the vendor. */
import type { ColumnType, Generated } from 'kysely';
import type { AppError } from '#shared/errors/app-error.ts';
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import type { InStore, Versioned } from './columns.ts';

export interface EnrolmentsTable extends Versioned {
  enrolment_id: string;
  origin: 'kiosk' | 'import';
  serial_number: string;
  state: EnrolmentState;
  problem: ColumnType<AppError | null, string | null, string | null>;
  type: string;
  name: string;
  group_name: string;
  enrolment_code: string;
  device_certificate: string;
  /** Base64, verified; null where there is none that holds. */
  proof: ColumnType<string | null, string | null | undefined, string | null>;
  replaces: ColumnType<string | null, string | null | undefined, string | null>;
  kiosk_id: string;
  staff_id: string;
  captured_at: number;
  changed_at: number;
  operation_id: string;
}

export interface EnrolmentOperationsTable extends InStore {
  enrolment_id: string;
  operation_id: string;
}

export interface SerialClaimsTable extends InStore {
  serial_number: string;
  enrolment_id: string;
  /** Proven, registered, or vouched for by an operator: it gives way to nobody. */
  is_firm: boolean;
  claimed_at: number;
}

/** Enrolments that are `submitted` and do not hold their serial number yet. */
export interface SerialWaitsTable extends InStore {
  enrolment_id: string;
  serial_number: string;
  kiosk_id: string;
  is_firm: boolean;
  adopts: boolean;
  since: number;
  place: Generated<number>;
}

/** How often a kiosk has had a serial number and lost it again, because its claim was not borne out in time. */
export interface SerialLapsesTable extends InStore {
  serial_number: string;
  kiosk_id: string;
  lapses: number;
  last_at: number;
}

export interface OutboxTable extends InStore {
  serial_number: string;
  enrolment_id: string;
  due_at: number;
  /** An operator has vouched for it: whoever registered the lock, its key is this store's. */
  adopts: Generated<boolean>;
}

export type RegistrationTurnsTable = InStore & { turn: number };

/** Kept until the enrolment is registered. */
export interface RegistrationAttemptsTable extends InStore {
  enrolment_id: string;
  /** Since it was last submitted. */
  attempts: number;
  /** When something was sent that the vendor may have carried out, though the answer is not here; null: never. */
  open_from: number | null;
  open_until: number | null;
}
