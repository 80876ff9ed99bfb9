/** What is there in the end: rows of the backend's database, and the file of each kiosk. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { z } from 'zod';
import { toEnrolment } from '#backend/enrolment/enrolment-row.ts';
import type { Db } from '#backend/store/database.ts';
import { createKioskData } from '#kiosk/data/kiosk-data.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { codecOf, dataKeysOf, readRows, secretStore } from '#support/kiosk-file.ts';
import { accessEventSchema, type AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';

export interface BackendContent {
  readonly enrolments: readonly EnrolmentDocument[];
  /** Serial number to the enrolment that holds it. */
  readonly claims: ReadonlyMap<string, string>;
  /** Registrations that still wait for the vendor. */
  readonly outbox: readonly string[];
  readonly lockSerials: readonly string[];
  readonly keySerials: readonly string[];
  readonly trustIds: readonly string[];
  /** By kiosk and sequence number. */
  readonly events: readonly { readonly verdict: string; readonly event: AccessEvent }[];
  /** Kiosk id to its name. */
  readonly kioskNames: ReadonlyMap<string, string>;
}

export const readBackend = async (db: Db, tenantId: string, storeId: string): Promise<BackendContent> => {
  const serials = (table: 'locks' | 'key_certificates') =>
    db
      .selectFrom(table)
      .select('serial_number')
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('deleted', '=', false)
      .execute()
      .then((rows) => rows.map((row) => row.serial_number).sort());
  const enrolments = await db
    .selectFrom('enrolments')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .execute();
  const claims = await db
    .selectFrom('serial_claims')
    .select(['serial_number', 'enrolment_id'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .execute();
  const outbox = await db
    .selectFrom('outbox')
    .select('serial_number')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .execute();
  const trust = await db
    .selectFrom('trust')
    .select('trust_id')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('deleted', '=', false)
    .execute();
  const events = await db
    .selectFrom('access_events')
    .select(['verdict', 'body'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .orderBy('kiosk_id')
    .orderBy('sequence')
    .execute();
  const kiosks = await db
    .selectFrom('kiosks')
    .select(['kiosk_id', 'name'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .execute();
  return {
    enrolments: enrolments.map(toEnrolment),
    claims: new Map(claims.map((row) => [row.serial_number, row.enrolment_id])),
    outbox: outbox.map((row) => row.serial_number),
    lockSerials: await serials('locks'),
    keySerials: await serials('key_certificates'),
    trustIds: trust.map((row) => row.trust_id).sort(),
    events: events.map(({ verdict, body }) => ({ verdict, event: body })),
    kioskNames: new Map(kiosks.map((row) => [row.kiosk_id, row.name])),
  };
};

export interface KioskContent {
  readonly enrolments: readonly EnrolmentDocument[];
  readonly lockSerials: readonly string[];
  readonly keySerials: readonly string[];
  readonly trustIds: readonly string[];
  /** The whole journal, by sequence number. */
  readonly events: readonly AccessEvent[];
  readonly unsent: number;
  /** Under which it is registered now; null where it is not. */
  readonly kioskId: string | null;
}

/** Opens the files of a kiosk that is not running; the journal past the store's own interface, which only shows what has not been acknowledged. */
export const readKiosk = async (dataDir: string): Promise<KioskContent> => {
  const events = readRows(dataDir, 'accessEvents', await codecOf(dataDir, secretStore))
    .map((body) => accessEventSchema.parse(withoutMeta(body)))
    .sort((a, b) => a.sequence - b.sequence);
  return { ...(await readDocuments(dataDir)), events, kioskId: readKioskId(dataDir) };
};

const identitySchema = z.looseObject({ identity: z.looseObject({ kioskId: z.string() }) });

export const readKioskId = (dataDir: string): string | null => {
  const path = join(dataDir, 'vault', 'identity.json');
  if (!existsSync(path)) return null;
  return identitySchema.parse(JSON.parse(readFileSync(path, 'utf8'))).identity.kioskId;
};

const readDocuments = async (dataDir: string): Promise<Omit<KioskContent, 'events' | 'kioskId'>> => {
  const data = await createKioskData({
    path: join(dataDir, 'kiosk.db'),
    dataKeys: dataKeysOf(dataDir, secretStore),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  try {
    if (data.notice) throw new Error(`the kiosk's file was found damaged: ${data.notice.code}`);
    return {
      enrolments: await firstValueFrom(data.enrolments$),
      lockSerials: [...(await firstValueFrom(data.locks$)).keys()].sort(),
      keySerials: [...(await firstValueFrom(data.keySerials$))].sort(),
      trustIds: (await firstValueFrom(data.trust$)).map(({ trustId }) => trustId).sort(),
      unsent: (await data.replica.unacknowledgedEvents(1)).length + data.replica.pendingEnrolments(1).length,
    };
  } finally {
    await data.dispose();
  }
};

/** The database's own fields begin with an underscore. */
const withoutMeta = (body: unknown): unknown =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).parse(body)).filter(([field]) => !field.startsWith('_')),
  );
