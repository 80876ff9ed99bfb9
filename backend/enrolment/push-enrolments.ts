import type { PushResult } from '#shared/http/contract.ts';
import { enrolmentSchema, type EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import { appError } from '../platform/app-error.ts';
import type { Db } from '../store/database.ts';
import { datedNow } from '../store/steady-time.ts';
import { changeStore, type StoreWrite } from '../store/store-write.ts';
import { releaseSerial } from './claims.ts';
import { toEnrolment, updateEnrolment, type EnrolmentChange, type EnrolmentRow } from './enrolment-row.ts';
import { isProven } from '../trust/capture-proof.ts';
import type { VendorRoot } from '../trust/vendor-root.ts';
import { decidePush } from './push-rule.ts';
import { applyForSerial, withdraw, type Applicant } from './serial-line.ts';

const invalid = (code: 'sync.invalid_rows' | 'enrolment.not_found'): PushResult => ({
  status: 'invalid',
  error: appError(code, code === 'sync.invalid_rows' ? { count: 1 } : {}),
});

/** Takes pushed enrolments one by one, each in a transaction of its own: one bad row costs no other. */
export const createEnrolmentPush =
  (ports: {
    readonly db: Db;
    readonly tenantId: string;
    readonly vendorRoot: Pick<VendorRoot, 'get'>;
    now(): number;
  }) =>
  async (kiosk: KioskOfStore, rows: readonly unknown[]): Promise<PushResult[]> => {
    const results: PushResult[] = [];
    const root = await ports.vendorRoot.get();
    for (const row of rows) {
      const pushed = enrolmentSchema.safeParse(row).data;
      if (!pushed) {
        results.push(invalid('sync.invalid_rows'));
        continue;
      }
      // Asked of the lock by the kiosk that pushes it, whatever kiosk the row names.
      const lock = { ...pushed, kioskId: kiosk.kioskId };
      const proof = root !== null && isProven(lock, root, ports.now()) ? (pushed.proof ?? null) : null;
      const result = await changeStore(ports.db, ports.tenantId, kiosk.storeId, (write) =>
        pushOne(write, { tenantId: ports.tenantId, kiosk, pushed: { ...pushed, proof }, now: ports.now() }),
      );
      results.push(result ?? invalid('sync.invalid_rows'));
    }
    return results;
  };

interface Push {
  readonly tenantId: string;
  readonly kiosk: KioskOfStore;
  readonly pushed: EnrolmentDocument;
  readonly now: number;
}

const pushOne = async (write: StoreWrite, push: Push): Promise<PushResult> => {
  const { tx } = write;
  const { tenantId, kiosk, pushed, now } = push;
  const key = { tenant_id: tenantId, store_id: kiosk.storeId, enrolment_id: pushed.enrolmentId };
  // One that was removed for its age is as one that never was: who captures it again has all of it.
  const held = await tx
    .selectFrom('enrolments')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', kiosk.storeId)
    .where('enrolment_id', '=', pushed.enrolmentId)
    .where('deleted', '=', false)
    .executeTakeFirst();
  if (held && !isSameLock(held, pushed)) return invalid('sync.invalid_rows');
  if (!held && pushed.kioskId !== kiosk.kioskId) return invalid('sync.invalid_rows');
  if (held && (await isRepetition(write, key, pushed.operationId))) {
    return { status: 'accepted', master: toEnrolment(held) };
  }

  const decision = decidePush(pushed.state, held?.state ?? null);
  if (decision === 'unknown') return invalid('enrolment.not_found');
  const applicant: Applicant = {
    tenantId,
    storeId: kiosk.storeId,
    enrolmentId: pushed.enrolmentId,
    serialNumber: pushed.serialNumber,
    // Whose it is was said at capture; whoever sends it again does not make it another's.
    kioskId: held?.kiosk_id ?? pushed.kioskId,
    // What was verified when it first came, if it is here already.
    isFirm: (held ? held.proof : pushed.proof) !== null,
    adopts: false,
  };
  const change = await carryOut(write, decision, applicant, now);
  if (!change)
    return held ? { status: 'conflict', master: toEnrolment(held) } : invalid('enrolment.not_found');

  const full = { ...change, changedAt: now, operationId: pushed.operationId };
  const row = held
    ? await updateEnrolment(write, key, full)
    : await insertEnrolment(write, key, pushed, full);
  await tx
    .insertInto('enrolment_operations')
    .values({ ...key, operation_id: pushed.operationId })
    .execute();
  // A kiosk that was not first did not get what it asked for.
  return { status: row.state === 'conflicted' ? 'conflict' : 'accepted', master: toEnrolment(row) };
};

type Key = Pick<EnrolmentRow, 'tenant_id' | 'store_id' | 'enrolment_id'>;

const isRepetition = async ({ tx }: StoreWrite, key: Key, operationId: string): Promise<boolean> => {
  const seen = await tx
    .selectFrom('enrolment_operations')
    .select('operation_id')
    .where('tenant_id', '=', key.tenant_id)
    .where('store_id', '=', key.store_id)
    .where('enrolment_id', '=', key.enrolment_id)
    .where('operation_id', '=', operationId)
    .executeTakeFirst();
  return seen !== undefined;
};

/** What an enrolment is about never changes after capture. */
const isSameLock = (held: EnrolmentRow, pushed: EnrolmentDocument): boolean =>
  held.origin === 'kiosk' &&
  held.serial_number === pushed.serialNumber &&
  held.enrolment_code === pushed.enrolmentCode &&
  held.device_certificate === pushed.deviceCertificate;

const carryOut = async (
  { tx }: StoreWrite,
  decision: 'submit' | 'provision' | 'abandon' | 'withdraw' | 'keep',
  applicant: Applicant,
  now: number,
): Promise<Pick<EnrolmentChange, 'state' | 'problem'> | null> => {
  switch (decision) {
    case 'submit':
      if ((await applyForSerial(tx, applicant, now)) === 'taken') {
        const problem = appError('enrolment.other_kiosk', { serialNumber: applicant.serialNumber });
        return { state: 'conflicted', problem };
      }
      return { state: 'submitted' };
    case 'provision':
      return { state: 'provisioned' };
    case 'withdraw':
      if (!(await withdraw(tx, applicant))) return null;
      await releaseSerial(tx, applicant);
      return { state: 'abandoned' };
    case 'abandon':
      await releaseSerial(tx, applicant);
      return { state: 'abandoned' };
    case 'keep':
      return null;
  }
};

export const insertEnrolment = async (
  { tx, nextVersion }: StoreWrite,
  key: Key,
  pushed: EnrolmentDocument,
  change: Pick<EnrolmentChange, 'state' | 'problem' | 'changedAt'>,
): Promise<EnrolmentRow> => {
  const values = {
    origin: 'kiosk' as const,
    serial_number: pushed.serialNumber,
    state: change.state,
    problem: change.problem ? JSON.stringify(change.problem) : null,
    type: pushed.type,
    name: pushed.name,
    group_name: pushed.group,
    enrolment_code: pushed.enrolmentCode,
    device_certificate: pushed.deviceCertificate,
    proof: pushed.proof ?? null,
    replaces: pushed.replaces ?? null,
    kiosk_id: pushed.kioskId,
    staff_id: pushed.staffId,
    captured_at: pushed.capturedAt,
    // The kiosk's clock may be years off; what is kept for a time is dated by this backend's.
    changed_at: datedNow(key.tenant_id, change.changedAt),
    operation_id: pushed.operationId,
    version: nextVersion(),
    deleted: false,
  };
  return (
    tx
      .insertInto('enrolments')
      .values({ ...key, ...values })
      // Only one that was removed for its age is there.
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'store_id', 'enrolment_id']).doUpdateSet(values),
      )
      .returningAll()
      .executeTakeFirstOrThrow()
  );
};
