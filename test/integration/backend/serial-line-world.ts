/** Enrolments of three stores and two locks on a real database: what happens to them is chosen by the test, the vendor's part too. */
import { randomUUID } from 'node:crypto';
import { createEnrolmentAdmin, type EnrolmentAdmin } from '#backend/admin/enrolments.ts';
import { closeAttempt, countAttempt, openCallsOf } from '#backend/enrolment/attempts.ts';
import type { ClaimOf } from '#backend/enrolment/claims.ts';
import { createEnrolmentPush } from '#backend/enrolment/push-enrolments.ts';
import { writeOutcome, type FinalOutcome } from '#backend/enrolment/registration-outcome.ts';
import { passLine } from '#backend/enrolment/serial-runner.ts';
import { createAtRest } from '#backend/keys/at-rest.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import type { Db } from '#backend/store/database.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { prove } from './proven-capture.ts';
import { theAuthority } from './scripted-vendor.ts';
import { newCapture, someSerial } from './test-kiosk.ts';
import { policy } from './world.ts';

export type Answer = 'registers' | 'refuses' | 'turns away' | 'loses';

export interface LineWorld {
  readonly tenantId: string;
  /** Store and enrolment of each call that the vendor has carried out, in order. */
  readonly registered: ClaimOf[];
  capture(store: number, lock: number, isProven: boolean): Promise<void>;
  /** By the kiosk that has captured it last. */
  abandon(store: number): Promise<void>;
  resolve(store: number, action: 'refuse' | 'retry' | 'adopt'): Promise<void>;
  /** The vendor is asked for one that is due (`turn`: which of them), and what it says is not heard before it `answers`. */
  call(turn: number): Promise<void>;
  answer(turn: number, how: Answer): Promise<void>;
  pass(ms: number): void;
  look(): Promise<number>;
}

const material = { serialNumber: '', keyCertificate: 'AAAA', privateKey: 'AAAA' };
const noNote = (): Promise<void> => Promise.resolve();

export const createLineWorld = async (db: Db): Promise<LineWorld> => {
  const tenantId = randomUUID();
  let clock = Date.now();
  const now = (): number => clock;
  const { vendor } = await theAuthority();
  const root = Buffer.from(vendor.root).toString('base64');
  const push = createEnrolmentPush({ db, tenantId, vendorRoot: { get: () => Promise.resolve(root) }, now });
  const admin: EnrolmentAdmin = createEnrolmentAdmin({ db, tenantId, now });
  const kiosks = [1, 2, 3].map(() => ({ storeId: randomUUID(), kioskId: randomUUID() }));
  const locks = [someSerial(), someSerial()];
  for (const { storeId } of kiosks) {
    await db
      .insertInto('stores')
      .values({
        tenant_id: tenantId,
        store_id: storeId,
        name: 'A',
        policy: JSON.stringify(policy),
        version: 0,
      })
      .execute();
  }
  const latest = new Map<number, EnrolmentDocument>();
  const under = new Map<
    string,
    { readonly claim: ClaimOf; readonly attempt: Awaited<ReturnType<typeof countAttempt>> }
  >();
  const owner = new Map<string, string>();
  const registered: ClaimOf[] = [];
  const atRest = createAtRest('a sealing secret, long enough for it');

  const settle = (claim: ClaimOf, outcome: FinalOutcome): Promise<void> =>
    db.transaction().execute((tx) => writeOutcome(tx, claim, outcome, { atRest, now }));

  return {
    tenantId,
    registered,
    capture: async (store, lock, isProven) => {
      const kiosk = kiosks[store];
      const serialNumber = locks[lock];
      if (!kiosk || serialNumber === undefined) return;
      const made = newCapture(kiosk.kioskId, serialNumber);
      const captured = isProven ? await prove(made) : made;
      latest.set(store, captured);
      await push(kiosk, [captured]);
    },
    abandon: async (store) => {
      const [kiosk, captured] = [kiosks[store], latest.get(store)];
      if (!kiosk || !captured) return;
      await push(kiosk, [{ ...captured, state: 'abandoned', operationId: randomUUID() }]);
    },
    resolve: async (store, action) => {
      const captured = latest.get(store);
      if (captured) await admin.resolve(captured.enrolmentId, action, noNote);
    },
    call: async (turn) => {
      const rows = await db
        .selectFrom('outbox')
        .select(['store_id as storeId', 'enrolment_id as enrolmentId', 'serial_number as serialNumber'])
        .where('tenant_id', '=', tenantId)
        .orderBy('serial_number')
        .execute();
      const row = rows[turn % Math.max(1, rows.length)];
      if (!row) return;
      // As a lane does it: the row is locked, and then the call counted on another connection.
      await db.transaction().execute(async (tx) => {
        const locked = await tx
          .selectFrom('outbox')
          .select('enrolment_id')
          .where('tenant_id', '=', tenantId)
          .where('serial_number', '=', row.serialNumber)
          .where('enrolment_id', '=', row.enrolmentId)
          .forNoKeyUpdate()
          .skipLocked()
          .executeTakeFirst();
        if (!locked || under.has(row.enrolmentId)) return;
        const claim = { tenantId, ...row };
        under.set(row.enrolmentId, { claim, attempt: await countAttempt(db, claim, now()) });
      });
    },
    answer: async (turn, how) => {
      const calls = [...under.values()];
      const call = calls[turn % Math.max(1, calls.length)];
      if (!call) return;
      const { claim, attempt } = call;
      under.delete(claim.enrolmentId);
      if (how === 'loses') return;
      const has = owner.get(claim.serialNumber);
      if (how === 'registers' && (has === undefined || has === claim.enrolmentId)) {
        owner.set(claim.serialNumber, claim.enrolmentId);
        registered.push(claim);
        await settle(claim, { kind: 'registered', material });
        return;
      }
      await db.transaction().execute((tx) => closeAttempt(tx, claim, attempt.open));
      if (how === 'turns away') return;
      // With an earlier call of its own open, a refusal or another's registration is no end that the worker would write.
      if (await openCallsOf(db, claim)) return;
      await settle(
        claim,
        how === 'refuses' && has === undefined
          ? { kind: 'refused', reason: 'malformed_code' }
          : { kind: 'uncertain', reason: 'other_registration' },
      );
    },
    pass: (ms) => {
      clock += ms;
    },
    look: () =>
      passLine({
        db,
        tenantId,
        platform: { now, jitter: () => 0, fetch: () => Promise.reject(new Error()), logger: silentLogger },
      }),
  };
};
