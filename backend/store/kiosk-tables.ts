/** The tables of kiosks: how they register, and by which keys they are known. */
import type { ColumnType, Generated } from 'kysely';
import type { PublicJwk } from '#shared/http/contract.ts';
import type { InStore, Json } from './columns.ts';

export interface RegistrationCodesTable extends InStore {
  code_hash: Buffer;
  expires_at: number;
  kiosk_id: string | null;
}

export interface KiosksTable extends InStore {
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
export interface FormerSigningKeysTable {
  tenant_id: string;
  kiosk_id: string;
  key: Json<PublicJwk>;
  replaced_at: number;
}

export interface UsedAssertionsTable extends InStore {
  kiosk_id: string;
  jti: string;
  expires_at: number;
}
