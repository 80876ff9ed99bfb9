/** The enrolments of a store, captured last first, with what keeps each from being registered. */
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Db } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';
import type { enrolmentsAnswerSchema } from './answers.ts';
import type { EnrolmentsQuery } from './contract.ts';

/** A page of them. Null where `beforeEnrolment` is none of the store's: where that page began, nobody knows. */
export const listEnrolments = async (
  db: Db,
  { tenantId, storeId }: StoreKey,
  { limit, beforeEnrolment }: EnrolmentsQuery,
): Promise<z.input<typeof enrolmentsAnswerSchema> | null> => {
  const last =
    beforeEnrolment === undefined
      ? undefined
      : await db
          .selectFrom('enrolments')
          .select('captured_at')
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .where('enrolment_id', '=', beforeEnrolment)
          .executeTakeFirst();
  if (beforeEnrolment !== undefined && last === undefined) return null;
  const enrolments = await db
    .selectFrom('enrolments')
    .leftJoin('outbox', (join) =>
      join
        .onRef('outbox.tenant_id', '=', 'enrolments.tenant_id')
        .onRef('outbox.serial_number', '=', 'enrolments.serial_number')
        .onRef('outbox.enrolment_id', '=', 'enrolments.enrolment_id'),
    )
    .leftJoin('registration_attempts', (join) =>
      join
        .onRef('registration_attempts.tenant_id', '=', 'outbox.tenant_id')
        .onRef('registration_attempts.store_id', '=', 'outbox.store_id')
        .onRef('registration_attempts.enrolment_id', '=', 'outbox.enrolment_id'),
    )
    .leftJoin('serial_waits', (join) =>
      join
        .onRef('serial_waits.tenant_id', '=', 'enrolments.tenant_id')
        .onRef('serial_waits.store_id', '=', 'enrolments.store_id')
        .onRef('serial_waits.enrolment_id', '=', 'enrolments.enrolment_id'),
    )
    .leftJoin('serial_claims', (join) =>
      join
        .onRef('serial_claims.tenant_id', '=', 'serial_waits.tenant_id')
        .onRef('serial_claims.serial_number', '=', 'serial_waits.serial_number'),
    )
    .select([
      'enrolments.enrolment_id as enrolmentId',
      'enrolments.origin',
      'enrolments.serial_number as serialNumber',
      'enrolments.state',
      'enrolments.problem',
      'enrolments.name',
      'enrolments.kiosk_id as kioskId',
      'enrolments.captured_at as capturedAt',
      'enrolments.changed_at as changedAt',
      'registration_attempts.attempts',
      'outbox.due_at as nextAttemptAt',
      'serial_waits.since as waitsSince',
      sql<{
        storeId: string;
        enrolmentId: string;
      } | null>`CASE WHEN serial_claims.enrolment_id IS NOT NULL THEN json_build_object(
        'storeId', serial_claims.store_id, 'enrolmentId', serial_claims.enrolment_id) END`.as('heldBy'),
    ])
    .where('enrolments.tenant_id', '=', tenantId)
    .where('enrolments.store_id', '=', storeId)
    .where(sql<boolean>`NOT enrolments.deleted`)
    .$if(last !== undefined, (query) =>
      query.where(
        sql<boolean>`(enrolments.captured_at, enrolments.enrolment_id) < (${last?.captured_at}, ${beforeEnrolment})`,
      ),
    )
    .orderBy('enrolments.captured_at', 'desc')
    .orderBy('enrolments.enrolment_id', 'desc')
    .limit(limit)
    .execute();
  return { enrolments };
};
