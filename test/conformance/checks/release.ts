/** What the driver promises of giving a lock back. */
import { insist } from '../broken-promise.ts';
import { check, insistError, insistOk } from '../check.ts';
import { papersOf, provision, readEnrolment, release, unlock } from '../operations.ts';
import type { WorldLock } from '../world.ts';

const insistNew = (lock: WorldLock): void =>
  insist(!lock.isProvisioned(), 'the lock is said to be released and still has its customer');
const insistKept = (lock: WorldLock): void =>
  insist(lock.isProvisioned(), 'the lock has been released all the same');

export const releaseChecks = [
  check(
    'release.gives_back',
    'release makes the lock new, and the old key opens nothing',
    async (context) => {
      const lock = await context.lock('provisioned');
      const papers = await papersOf(lock);
      insistOk(await release(context, lock, papers));
      insistNew(lock);
      const opened = await unlock(context, lock, {}, papers.credentials);
      insist(!opened.result.ok && lock.timesOpened() === 0, 'the old key opens a released lock');
    },
  ),
  check('release.enrols_again', 'a released lock can be enrolled and opened again', async (context) => {
    const lock = await context.lock('provisioned');
    insistOk(await release(context, lock, await papersOf(lock)));
    insistOk(await readEnrolment(context, lock));
    insistOk(await provision(context, lock));
    insistOk(await unlock(context, lock));
  }),
  check('release.repeats', 'release answers ok again for a lock that it has released', async (context) => {
    const lock = await context.lock('provisioned');
    const papers = await papersOf(lock);
    insistOk(await release(context, lock, papers));
    insistOk(await release(context, lock, papers));
    insistNew(lock);
  }),
  check(
    'release.unknown',
    'release without an answer: lock.outcome_unknown; repeating it finds the truth',
    async (context) => {
      const lock = await context.lock('loses_release_answer');
      const papers = await papersOf(lock);
      insistError(await release(context, lock, papers), 'lock.outcome_unknown');
      insistOk(await release(context, lock, papers));
      insistNew(lock);
    },
  ),
  check(
    'release.commits_once',
    'release commits once, before the command can reach the lock',
    async (context) => {
      const lock = await context.lock('provisioned');
      let wasNew = true;
      const onCommitted = (): void => void (wasNew = !lock.isProvisioned());
      const observed = await release(context, lock, await papersOf(lock), { onCommitted });
      insistOk(observed);
      insist(observed.commits.length === 1, `release committed ${observed.commits.length} times`);
      insist(!wasNew, 'the lock was new before the driver committed');
    },
  ),
  check(
    'release.stopped',
    'stopped when actuate begins: lock.cancelled, and nothing given back',
    async (context) => {
      const lock = await context.lock('provisioned');
      const abort = new AbortController();
      const onStage = (stage: string): void => {
        if (stage === 'actuate') abort.abort();
      };
      insistError(
        await release(context, lock, await papersOf(lock), { signal: abort.signal, onStage }),
        'lock.cancelled',
      );
      await context.world.pass(2000);
      insistKept(lock);
    },
  ),
  check(
    'release.other_token',
    'another lock\u2019s token: lock.refused, and the lock stays',
    async (context) => {
      const lock = await context.lock('provisioned');
      const { credentials } = await papersOf(lock);
      const { token } = await papersOf(await context.lock('provisioned'));
      insistError(await release(context, lock, { credentials, token }), 'lock.refused');
      insistKept(lock);
      insistOk(await unlock(context, lock));
    },
  ),
  check('release.new', 'release of a new lock: lock.not_provisioned', async (context) => {
    const lock = await context.lock('new');
    insistError(await release(context, lock, await papersOf(lock)), 'lock.not_provisioned');
  }),
];
