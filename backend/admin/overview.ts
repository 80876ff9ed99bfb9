/** What an operator sees of a store. No key, no enrolment code, no PIN hash is in any of it. */
import type { z } from 'zod';
import { fingerprintOf } from '../keys/fingerprint.ts';
import type { Db } from '../store/database.ts';
import { languageField } from '../store/language-column.ts';
import { personFields } from '../store/person-rights.ts';
import { revocationsNow } from '../trust/revocation-standing.ts';
import type {
  enrolmentsAnswerSchema,
  eventsAnswerSchema,
  kiosksAnswerSchema,
  locksAnswerSchema,
  staffAnswerSchema,
  storesAnswerSchema,
  trustAnswerSchema,
} from './answers.ts';
import type { EnrolmentsQuery, EventsQuery } from './contract.ts';
import { listEnrolments } from './enrolments-of-store.ts';
import { listEvents } from './events-of-store.ts';
import { openAlarms, type alarmsAnswerSchema } from './open-alarms.ts';
import { journalHealth, noJournal } from './journal-health.ts';

type Answer<S extends z.ZodType> = Promise<z.input<S>>;

export interface Overview {
  /** By name; so is the staff of one. */
  stores(): Answer<typeof storesAnswerSchema>;
  staff(storeId: string): Answer<typeof staffAnswerSchema>;
  locks(storeId: string): Answer<typeof locksAnswerSchema>;
  /** Null where `beforeEnrolment` is none of the store's: where that page began, nobody knows. */
  enrolments(storeId: string, page: EnrolmentsQuery): Promise<z.input<typeof enrolmentsAnswerSchema> | null>;
  /** Null where `placeId` is none of the store's. */
  events(storeId: string, page: EventsQuery): Promise<z.input<typeof eventsAnswerSchema> | null>;
  kiosks(storeId: string): Promise<Pick<z.input<typeof kiosksAnswerSchema>, 'kiosks'>>;
  alarms(storeId: string): Answer<typeof alarmsAnswerSchema>;
  /** The intermediates that are kept, the newest first, and how it stands with the revocation list. */
  trust(): Promise<Omit<z.input<typeof trustAnswerSchema>, 'lastRefresh'>>;
}

export const createOverview = (db: Db, tenantId: string, owner: string): Overview => ({
  stores: async () => {
    const rows = await db
      .selectFrom('stores')
      .select(['store_id as storeId', 'name', 'policy', 'language', 'time_zone', 'address', 'district_id'])
      .where('tenant_id', '=', tenantId)
      .orderBy('name')
      .orderBy('store_id')
      .execute();
    return {
      stores: rows.map(({ language, time_zone: timeZone, address, district_id: districtId, ...store }) => ({
        ...store,
        ...languageField({ language }),
        ...(timeZone === null ? {} : { timeZone }),
        ...(address === null ? {} : { address }),
        ...(districtId === null ? {} : { districtId }),
      })),
    };
  },

  staff: async (storeId) => {
    const rows = await db
      .selectFrom('staff')
      .select([
        'staff_id',
        'name',
        'employee_number',
        'roles',
        'valid_from',
        'valid_until',
        'assignments',
        'language',
      ])
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('deleted', '=', false)
      .orderBy('name')
      .orderBy('staff_id')
      .execute();
    return {
      staff: rows.map((row) => ({
        staffId: row.staff_id,
        name: row.name,
        ...personFields(row),
        ...languageField(row),
      })),
    };
  },

  locks: async (storeId) => ({
    locks: await db
      .selectFrom('locks')
      .leftJoin('key_certificates', (join) =>
        join
          .onRef('key_certificates.tenant_id', '=', 'locks.tenant_id')
          .onRef('key_certificates.store_id', '=', 'locks.store_id')
          .onRef('key_certificates.serial_number', '=', 'locks.serial_number')
          .on('key_certificates.deleted', '=', false),
      )
      .leftJoin('trust', (join) =>
        join
          .onRef('trust.tenant_id', '=', 'locks.tenant_id')
          .onRef('trust.store_id', '=', 'locks.store_id')
          .onRef('trust.serial_number', '=', 'locks.serial_number')
          .on('trust.deleted', '=', false),
      )
      .select((row) => [
        'locks.serial_number as serialNumber',
        'locks.type',
        'locks.name',
        'locks.group_name as group',
        'locks.place_id as placeId',
        'locks.version',
        row('key_certificates.serial_number', 'is not', null).$castTo<boolean>().as('hasKey'),
        row('trust.serial_number', 'is not', null).$castTo<boolean>().as('toBeReleased'),
      ])
      .where('locks.tenant_id', '=', tenantId)
      .where('locks.store_id', '=', storeId)
      .where('locks.deleted', '=', false)
      .orderBy('locks.serial_number')
      .execute(),
  }),

  enrolments: (storeId, page) => listEnrolments(db, { tenantId, storeId }, page),

  events: (storeId, page) => listEvents(db, { tenantId, storeId }, page),

  alarms: (storeId) => openAlarms(db, { tenantId, storeId }),

  trust: async () => ({
    intermediates: await db
      .selectFrom('intermediates')
      .select([
        'trust_id as trustId',
        'owner',
        'not_before as notBefore',
        'not_after as notAfter',
        'delivered_at as deliveredAt',
      ])
      .where('tenant_id', '=', tenantId)
      .orderBy('delivered_at', 'desc')
      .orderBy('not_after', 'desc')
      .execute(),
    revocations: await revocationsNow(db, { tenantId, owner }),
  }),

  kiosks: async (storeId) => {
    const kiosks = await db
      .selectFrom('kiosks')
      .select([
        'kiosk_id as kioskId',
        'name',
        'registered_at as registeredAt',
        'last_seen_at as lastSeenAt',
        'revoked_at as revokedAt',
        'revoked_reason as revokedReason',
        'keys_registered_at as keysRegisteredAt',
        'signing_key',
        'rotation_requested_at as rotationRequestedAt',
      ])
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .orderBy('registered_at')
      .execute();
    const journals = await journalHealth(db, { tenantId, storeId });
    return {
      kiosks: kiosks.map(({ signing_key: key, ...kiosk }) => ({
        ...kiosk,
        fingerprint: fingerprintOf(key),
        journal: journals.get(kiosk.kioskId) ?? noJournal,
      })),
    };
  },
});
