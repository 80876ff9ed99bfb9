/** The tables of what a vendor has certified or revoked: lock keys, intermediates, revocation lists, release orders. */
import type { ColumnType } from 'kysely';
import type { Versioned } from './columns.ts';

export interface KeyCertificatesTable extends Versioned {
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
export type TrustTable = Versioned &
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

export interface IntermediatesTable extends Intermediate {
  tenant_id: string;
  /** When the vendor last gave it as the current one. */
  delivered_at: number;
}

export interface RevocationPartsTable {
  tenant_id: string;
  owner: string;
  /** From 1. */
  part: number;
  version: number;
  list: string;
  /** The id of its rows in `trust`. */
  trust_id: string;
}
