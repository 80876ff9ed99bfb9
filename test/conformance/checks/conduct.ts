/** What the driver promises about several operations, about secrets and about its end. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import { insist } from '../broken-promise.ts';
import { check, insistError, insistOk } from '../check.ts';
import { begin, deadlineMs } from '../observe.ts';
import {
  beginUnlock,
  events,
  identify,
  papersOf,
  provision,
  readEnrolment,
  release,
  status,
  unlock,
} from '../operations.ts';

const soonMs = 3000;

export const conductChecks = [
  check(
    'busy.same_lock',
    'a second operation of the same lock: lock.busy, and the first goes on',
    async (context) => {
      const lock = await context.lock('slow');
      const first = await beginUnlock(context, lock);
      const second = await unlock(context, lock);
      insistError(second, 'lock.busy');
      insist(second.tookMs < 1000, 'lock.busy came late');
      insistOk(await first.finish());
      insist(lock.timesOpened() === 1, `the lock opened ${lock.timesOpened()} times`);
    },
  ),
  check('busy.is_over', 'after an operation, however it ended, the next one is welcome', async (context) => {
    const lock = await context.lock('provisioned');
    insistError(await unlock(context, lock, { signal: AbortSignal.abort() }), 'lock.cancelled');
    insistOk(await unlock(context, lock));
    insistOk(await status(context, lock));
  }),
  check('busy.other_lock', 'a silent lock holds up no other', async (context) => {
    const silent = await beginUnlock(context, await context.lock('silent'));
    const observed = await unlock(context, await context.lock('provisioned'));
    insistOk(observed);
    insist(observed.tookMs < deadlineMs / 2, `the other lock took ${observed.tookMs} ms`);
    insistError(await silent.finish(), 'lock.answer_timeout');
  }),
  check('secrets.left_alone', 'the caller’s credentials are not changed', async (context) => {
    const lock = await context.lock('provisioned');
    const credentials = await lock.credentials();
    const before = Object.values(credentials).map((bytes: Uint8Array) => Buffer.from(bytes).toString('hex'));
    insistOk(await unlock(context, lock, {}, credentials));
    const after = Object.values(credentials).map((bytes: Uint8Array) => Buffer.from(bytes).toString('hex'));
    insist(before.join() === after.join(), 'the driver has changed the credentials');
  }),
  check(
    'secrets.not_kept',
    'credentials are good for one operation: the next one needs its own',
    async (context) => {
      const lock = await context.lock('provisioned');
      insistOk(await unlock(context, lock));
      const overwritten = { ...(await lock.credentials()), privateKey: new Uint8Array(138) };
      const observed = await unlock(context, lock, {}, overwritten);
      insist(!observed.result.ok && lock.timesOpened() === 1, 'the lock opened with an overwritten key');
    },
  ),
  check('secrets.not_logged', 'no key and no code is in the log', async (context) => {
    const lock = await context.lock('new');
    const { enrolmentCode } = insistOk(await readEnrolment(context, lock));
    const { privateKey } = await lock.credentials();
    insistOk(await provision(context, lock));
    insistOk(await unlock(context, lock));
    const log = context.world.logged?.() ?? '';
    for (const secret of [privateKey, enrolmentCode]) {
      const bytes = Buffer.from(secret);
      const forms = [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')];
      insist(!forms.some((form) => log.includes(form)), 'a secret is in the log');
    }
  }),
  check('dispose.ends', 'dispose ends what is running: lock.cancelled', async (context) => {
    const running = await beginUnlock(context, await context.lock('silent'));
    await context.world.pass(1000);
    const disposing = begin(context.world, 'dispose', () => context.driver.dispose().then(() => ok(null)), {
      deadlineMs: soonMs,
    });
    const observed = await running.finish();
    insistError(observed, 'lock.cancelled');
    await disposing.finish();
  }),
  check(
    'dispose.not_lying',
    'dispose after the command left does not make it "cancelled"',
    async (context) => {
      const lock = await context.lock('loses_answer');
      const onCommitted = (): void => void context.driver.dispose();
      insistError(await unlock(context, lock, { onCommitted }), 'lock.outcome_unknown');
    },
  ),
  check('dispose.after', 'after dispose every operation answers lock.cancelled', async (context) => {
    const lock = await context.lock('provisioned');
    const twice = async (): Promise<Result<null>> => {
      await context.driver.dispose();
      await context.driver.dispose();
      return ok(null);
    };
    insistOk(await begin(context.world, 'dispose', twice).finish());
    insistError(await unlock(context, lock), 'lock.cancelled');
    insistError(await status(context, lock), 'lock.cancelled');
    insistError(await provision(context, lock), 'lock.cancelled');
    insistError(await readEnrolment(context, lock), 'lock.cancelled');
    insistError(await identify(context, lock, null), 'lock.cancelled');
    insistError(await events(context, lock), 'lock.cancelled');
    if ((await lock.releaseToken()) === null) return;
    insistError(await release(context, lock, await papersOf(lock)), 'lock.cancelled');
  }),
];
