/** The tables' columns as Kysely sees them. `store/migrations` is the authority. */
import type { ColumnType, Generated } from 'kysely';
import type { Badges } from '#shared/badges/badge-number.ts';
import type { ActSubject, OperatorAct } from '../admin/operator-acts.ts';
import type { PinAtRest } from '../keys/pins-at-rest.ts';
import type { PeopleTable } from '../people/people-table.ts';
import type { AlarmsTable } from './alarm-table.ts';
import type { BatteryChangesTable, BatteryReadingsTable } from './battery-tables.ts';
import type { InStore, Json, Versioned } from './columns.ts';
import type {
  EnrolmentOperationsTable,
  EnrolmentsTable,
  OutboxTable,
  RegistrationAttemptsTable,
  RegistrationTurnsTable,
  SerialClaimsTable,
  SerialLapsesTable,
  SerialWaitsTable,
} from './enrolment-tables.ts';
import type {
  AccessEventsTable,
  JournalAnchorsTable,
  JournalGapsTable,
  JournalHeadsTable,
} from './journal-tables.ts';
import type {
  FormerSigningKeysTable,
  KiosksTable,
  RegistrationCodesTable,
  UsedAssertionsTable,
} from './kiosk-tables.ts';
import type { LocksTable, OccupanciesTable, PlacesTable } from './lock-tables.ts';
import type { DistrictsTable, OrganisationsTable, StoresTable } from './organisation-tables.ts';
import type { PersonColumns } from './person-rights.ts';
import type {
  IntermediatesTable,
  KeyCertificatesTable,
  RevocationPartsTable,
  TrustTable,
} from './trust-tables.ts';

interface StaffTable extends Versioned, PersonColumns {
  staff_id: string;
  name: string;
  pin: Json<PinAtRest>;
  duress_pin: ColumnType<PinAtRest | null, string | null | undefined, string | null>;
  badges: ColumnType<Badges | null, string | null | undefined, string | null>;
  /** When all that they had were blocked last, as the kiosk's clock or the backend's said. */
  badges_blocked_at: ColumnType<number | null, number | null | undefined, number | null>;
}

interface SteadyTimeTable {
  tenant_id: string;
  at: number;
  doubted_ms: Generated<number>;
}

interface StoreHistoryTable extends InStore {
  version: number;
  tag: string;
}

interface OperatorActsTable {
  tenant_id: string;
  act_id: string;
  number: Generated<number>;
  at: number;
  operator: string;
  act: OperatorAct;
  subject: Json<ActSubject>;
  /** `done`, or the code of the error. */
  outcome: string;
}

interface TenantSettingsTable {
  tenant_id: string;
  name: string;
  value: Buffer;
}

export interface Tables {
  organisations: OrganisationsTable;
  districts: DistrictsTable;
  stores: StoresTable;
  registration_codes: RegistrationCodesTable;
  kiosks: KiosksTable;
  former_signing_keys: FormerSigningKeysTable;
  used_assertions: UsedAssertionsTable;
  locks: LocksTable;
  places: PlacesTable;
  occupancies: OccupanciesTable;
  key_certificates: KeyCertificatesTable;
  trust: TrustTable;
  people: PeopleTable;
  staff: StaffTable;
  enrolments: EnrolmentsTable;
  enrolment_operations: EnrolmentOperationsTable;
  serial_claims: SerialClaimsTable;
  serial_waits: SerialWaitsTable;
  serial_lapses: SerialLapsesTable;
  outbox: OutboxTable;
  registration_attempts: RegistrationAttemptsTable;
  registration_turns: RegistrationTurnsTable;
  access_events: AccessEventsTable;
  journal_heads: JournalHeadsTable;
  journal_gaps: JournalGapsTable;
  journal_anchors: JournalAnchorsTable;
  alarms: AlarmsTable;
  battery_readings: BatteryReadingsTable;
  battery_changes: BatteryChangesTable;
  intermediates: IntermediatesTable;
  revocation_parts: RevocationPartsTable;
  store_history: StoreHistoryTable;
  steady_time: SteadyTimeTable;
  operator_acts: OperatorActsTable;
  tenant_settings: TenantSettingsTable;
}
