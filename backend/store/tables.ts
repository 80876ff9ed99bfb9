/** The tables' columns as Kysely sees them. `store/migrations` is the authority. */
import type { ColumnType, Generated } from 'kysely';
import type { Badges } from '#shared/badges/badge-number.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import type { PublicJwk } from '#shared/http/contract.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import type { ActSubject, OperatorAct } from '../admin/operator-acts.ts';
import type { PinAtRest } from '../keys/pins-at-rest.ts';
import type { JournalVerdict } from '../sync/journal-check.ts';
import type { PeopleTable } from '../people/people-table.ts';
import type { AlarmsTable } from './alarm-table.ts';
import type { BatteryChangesTable, BatteryReadingsTable } from './battery-tables.ts';
import type { LocksTable, OccupanciesTable, PlacesTable } from './lock-tables.ts';
import type { DistrictsTable, OrganisationsTable, StoresTable } from './organisation-tables.ts';
import type { PersonColumns } from './person-rights.ts';

/** Written as JSON text, read as a value. */
type Json<T> = ColumnType<T, string, string>;

interface InStore {
  tenant_id: string;
  store_id: string;
}

interface Versioned extends InStore {
  version: number;
  deleted: Generated<boolean>;
}

interface RegistrationCodesTable extends InStore {
  code_hash: Buffer;
  expires_at: number;
  kiosk_id: string | null;
}

interface KiosksTable extends InStore {
  kiosk_id: string;
  name: string;
  signing_key: Json<PublicJwk>;
  sealing_key: Json<PublicJwk>;
  registered_at: number;
  last_seen_at: number | null;
  revoked_at: number | null;
  /** Null for a kiosk that was revoked by an earlier release. */
  revoked_reason: ColumnType<string | null, string | null | undefined, string | null>;
  /** Rows that it has handed in as last words. */
  last_words: Generated<number>;
  /** Good until the kiosk has used its new one. */
  previous_signing_key: ColumnType<PublicJwk | null, string | null | undefined, string | null>;
  keys_registered_at: number;
  rotation_requested_at: ColumnType<number | null, number | null | undefined, number | null>;
}

/** What a kiosk signed with before it took new keys: its copies may still do so. */
interface FormerSigningKeysTable {
  tenant_id: string;
  kiosk_id: string;
  key: Json<PublicJwk>;
  replaced_at: number;
}

interface UsedAssertionsTable extends InStore {
  kiosk_id: string;
  jti: string;
  expires_at: number;
}

interface KeyCertificatesTable extends Versioned {
  serial_number: string;
  encrypted: Buffer;
}

export interface Intermediate {
  trust_id: string;
  owner: string;
  certificate: string;
  not_before: number;
  not_after: number;
}

type TrustKind = 'intermediate' | 'revocation_list' | 'revocation_part' | 'release_order';

/** Intermediates have all of an intermediate's columns, revocation lists and parts have `list`, release orders the last two. */
type TrustTable = Versioned &
  Pick<Intermediate, 'trust_id' | 'owner'> & {
    kind: ColumnType<TrustKind, TrustKind | undefined>;
    certificate: string | null;
    not_before: number | null;
    not_after: number | null;
    list: ColumnType<string | null, string | null | undefined>;
    serial_number: ColumnType<string | null, string | null | undefined>;
    token: ColumnType<string | null, string | null | undefined>;
    /** Of an order: by which enrolment its lock was registered. */
    enrolment_id: ColumnType<string | null, string | null | undefined>;
  };

interface IntermediatesTable extends Intermediate {
  tenant_id: string;
  /** When the vendor last gave it as the current one. */
  delivered_at: number;
}

interface RevocationPartsTable {
  tenant_id: string;
  owner: string;
  /** From 1. */
  part: number;
  version: number;
  list: string;
  /** The id of its rows in `trust`. */
  trust_id: string;
}

interface StaffTable extends Versioned, PersonColumns {
  staff_id: string;
  name: string;
  pin: Json<PinAtRest>;
  duress_pin: ColumnType<PinAtRest | null, string | null | undefined, string | null>;
  badges: ColumnType<Badges | null, string | null | undefined, string | null>;
  /** When all that they had were blocked last, as the kiosk's clock or the backend's said. */
  badges_blocked_at: ColumnType<number | null, number | null | undefined, number | null>;
}

interface EnrolmentsTable extends Versioned {
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

interface EnrolmentOperationsTable extends InStore {
  enrolment_id: string;
  operation_id: string;
}

interface SerialClaimsTable extends InStore {
  serial_number: string;
  enrolment_id: string;
  /** Proven, registered, or vouched for by an operator: it gives way to nobody. */
  is_firm: boolean;
  claimed_at: number;
}

/** Enrolments that are `submitted` and do not hold their serial number yet. */
interface SerialWaitsTable extends InStore {
  enrolment_id: string;
  serial_number: string;
  kiosk_id: string;
  is_firm: boolean;
  adopts: boolean;
  since: number;
  place: Generated<number>;
}

/** How often a kiosk has had a serial number and lost it again, because its claim was not borne out in time. */
interface SerialLapsesTable extends InStore {
  serial_number: string;
  kiosk_id: string;
  lapses: number;
  last_at: number;
}

interface OutboxTable extends InStore {
  serial_number: string;
  enrolment_id: string;
  due_at: number;
  /** An operator has vouched for it: whoever registered the lock, its key is this store's. */
  adopts: Generated<boolean>;
}

type RegistrationTurnsTable = InStore & { turn: number };

/** Kept until the enrolment is registered. */
interface RegistrationAttemptsTable extends InStore {
  enrolment_id: string;
  /** Since it was last submitted. */
  attempts: number;
  /** When something was sent that the vendor may have carried out, though the answer is not here; null: never. */
  open_from: number | null;
  open_until: number | null;
}

interface AccessEventsTable extends InStore {
  event_id: string;
  kiosk_id: string;
  sequence: number;
  at: number;
  hash: string;
  verdict: JournalVerdict;
  received_at: number;
  body: Json<AccessEvent>;
}

type OfJournal = InStore & { kiosk_id: string };

/** Beside the newest event: what was removed, and figures of the journal. */
interface JournalHeadsTable extends OfJournal {
  sequence: number;
  hash: string;
  /** The highest sequence number that was removed for its age; 0: none. */
  cut: Generated<number>;
  cut_at: Generated<number>;
  cut_first: ColumnType<string | null, string | null | undefined>;
  /** When the event came with which the kiosk last began again at 1. */
  restarted_at: ColumnType<number | null, number | null | undefined>;
  reached: Generated<number>;
  events: Generated<number>;
  gaps: Generated<number>;
  forks: Generated<number>;
  restarts: Generated<number>;
  mismatches: Generated<number>;
}

/** Sequence numbers that never came, both ends included. */
type SteadyTimeTable = { tenant_id: string; at: number; doubted_ms: Generated<number> };
type JournalGapsTable = OfJournal & Record<'from_sequence' | 'to_sequence', number>;

/** An event that was removed and that one which is there, or is still to come, follows. */
interface JournalAnchorsTable extends OfJournal {
  sequence: number;
  hash: string;
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
