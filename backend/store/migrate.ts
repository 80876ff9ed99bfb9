/** Brings the database to the newest shape: numbered steps, each in its own transaction, one instance at a time. */
import type { Client } from 'pg';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { firstTables } from './migrations/0001-first-tables.ts';
import { keyRotation } from './migrations/0002-key-rotation.ts';
import { revocationLists } from './migrations/0003-revocation-lists.ts';
import { registrationAttempts } from './migrations/0004-registration-attempts.ts';
import { clockCorrections } from './migrations/0005-clock-corrections.ts';
import { releaseOrders } from './migrations/0006-release-orders.ts';
import { oneReleaseOrder } from './migrations/0007-one-release-order.ts';
import { storeHistory } from './migrations/0008-store-history.ts';
import { signedRevocation } from './migrations/0009-signed-revocation.ts';
import { registrationTurns } from './migrations/0010-registration-turns.ts';
import { enrolmentAttempts } from './migrations/0011-enrolment-attempts.ts';
import { captureProofs } from './migrations/0012-capture-proofs.ts';
import { operatorActs } from './migrations/0013-operator-acts.ts';
import { blankTombstones } from './migrations/0014-blank-tombstones.ts';
import { formerSigningKeys } from './migrations/0015-former-signing-keys.ts';
import { revocationParts } from './migrations/0016-revocation-parts.ts';
import { serialWaits } from './migrations/0017-serial-waits.ts';
import { journalFigures } from './migrations/0018-journal-figures.ts';
import { steadyTime } from './migrations/0019-steady-time.ts';
import { uncertainEnrolments } from './migrations/0020-uncertain-enrolments.ts';
import { ordersOfRegistrations } from './migrations/0021-orders-of-registrations.ts';
import { enrolmentsByCapture } from './migrations/0022-enrolments-by-capture.ts';
import { rights } from './migrations/0023-rights.ts';
import { languageColumns } from './migrations/0024-languages.ts';
import { badges } from './migrations/0026-badges.ts';
import { organisation } from './migrations/0027-organisation.ts';
import { badgeBlocks } from './migrations/0028-badge-blocks.ts';
import { places } from './migrations/0029-places.ts';
import { replacingEnrolments } from './migrations/0030-replacing-enrolments.ts';
import { alarms } from './migrations/0031-alarms.ts';
import { duress } from './migrations/0032-duress.ts';
import { mended } from './migrations/0034-mended.ts';
import { people } from './migrations/0035-people.ts';
import { batteryReadings } from './migrations/0037-battery-readings.ts';
import { toldAgain } from './migrations/0041-told-again.ts';
import { peopleSettled } from './migrations/0043-people-settled.ts';
import { badgesFound } from './migrations/0044-badges-found.ts';
import { dropClient } from './servers.ts';
import { cancelRequest } from './session.ts';
import type { Migration } from './migrations/migration.ts';

/** In order; a released one never changes, and none comes in before it later. */
const migrations: readonly Migration[] = [
  firstTables,
  keyRotation,
  revocationLists,
  registrationAttempts,
  clockCorrections,
  releaseOrders,
  oneReleaseOrder,
  storeHistory,
  signedRevocation,
  registrationTurns,
  enrolmentAttempts,
  captureProofs,
  operatorActs,
  blankTombstones,
  formerSigningKeys,
  revocationParts,
  serialWaits,
  journalFigures,
  steadyTime,
  uncertainEnrolments,
  ordersOfRegistrations,
  enrolmentsByCapture,
  rights,
  languageColumns,
  badges,
  organisation,
  badgeBlocks,
  places,
  replacingEnrolments,
  alarms,
  duress,
  mended,
  people,
  batteryReadings,
  toldAgain,
  peopleSettled,
  badgesFound,
];
const newest = Math.max(...migrations.map(({ number }) => number));

/** Any number that no other program on the same server uses for an advisory lock. */
const advisoryLock = 7_031_554_112;

const appliedSchema = z.array(z.object({ number: z.int() }));

/**
 * Throws `storage.newer_version` when the database was written by a newer backend. `client` is connected, and ended by this;
 * `stop` ends it in the middle of whatever it waits for.
 */
export const migrate = async (client: Client, stop?: AbortSignal): Promise<void> => {
  const abandon = (): void => {
    cancelRequest(client);
    dropClient(client);
  };
  // The statement that is under way fails with it, and that is enough.
  client.on('error', () => undefined);
  stop?.addEventListener('abort', abandon);
  try {
    stop?.throwIfAborted();
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await client.query(
      `CREATE TABLE IF NOT EXISTS migrations (
         number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const { rows } = await client.query('SELECT number FROM migrations');
    const applied = new Set(appliedSchema.parse(rows).map((row) => row.number));
    const found = Math.max(0, ...applied);
    if (found > newest) {
      throw new AppFailure('storage.newer_version', { found, supported: newest });
    }
    for (const migration of migrations) {
      if (applied.has(migration.number)) continue;
      await client.query('BEGIN');
      await client.query(migration.sql);
      await client.query('INSERT INTO migrations (number, name) VALUES ($1, $2)', [
        migration.number,
        migration.name,
      ]);
      await client.query('COMMIT');
    }
  } finally {
    stop?.removeEventListener('abort', abandon);
    // Closing the connection also ends an open transaction and the advisory lock, however this was left.
    await client.end();
  }
};
