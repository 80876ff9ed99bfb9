/** The tables of stores and of what stores have in common, as Kysely sees them. */
import type { ColumnType, Generated } from 'kysely';
import type { DuressAlarm, StoreDocument } from '#shared/models/documents.ts';
import type { StoreRights } from '#shared/rights/model.ts';
import type { LanguageColumn } from './language-column.ts';

type RightsColumn = ColumnType<StoreRights | null, string | null | undefined, string | null>;

/** Of which kiosk it is, too: that one is not told. */
export type ToldDuress = DuressAlarm & { readonly kioskId: string };

/** One for each tenant, once something was set for it. */
export interface OrganisationsTable {
  tenant_id: string;
  name: Generated<string>;
  rights: RightsColumn;
}

export interface DistrictsTable {
  tenant_id: string;
  district_id: string;
  name: string;
  rights: RightsColumn;
}

export interface StoresTable {
  tenant_id: string;
  store_id: string;
  version: number;
  deleted: Generated<boolean>;
  name: string;
  /** A store of before 0.3 has no `shortestPin`. */
  policy: ColumnType<StoreDocument['policy'] & { readonly shortestPin?: number }, string, string>;
  rights: RightsColumn;
  language: LanguageColumn;
  /** What was set for the store; `rights` is what it comes to with those of its district and organisation. */
  own_rights: RightsColumn;
  district_id: ColumnType<string | null, string | null | undefined, string | null>;
  time_zone: ColumnType<string | null, string | null | undefined, string | null>;
  address: ColumnType<string | null, string | null | undefined, string | null>;
  /** Encrypted; null until it is first needed. */
  badge_key: ColumnType<Buffer | null, Buffer | undefined, Buffer>;
  /** A kiosk was told of the store without it, as no secret opened it. */
  badge_key_untold: Generated<boolean>;
  /** When kiosks were last told anew because of that; ms. */
  badge_key_told_at: Generated<number>;
  /** When kiosks are to be told of everybody's PINs once more; ms. */
  tell_pins_at: ColumnType<number | null, number | null | undefined, number | null>;
  /** What kiosks have told of duress PINs and nobody has acknowledged, the oldest first. */
  duress: ColumnType<readonly ToldDuress[] | null, string | null | undefined, string | null>;
  sequence: Generated<number>;
}
