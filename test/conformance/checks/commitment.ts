/** What the driver promises about stopping, and about not knowing. */
import { insist } from '../broken-promise.ts';
import { check, insistError, insistOk } from '../check.ts';
import { status, unlock } from '../operations.ts';

const stages = ['find', 'connect', 'authenticate', 'actuate'] as const;

export const commitmentChecks = [
  check('cancel.at_once', 'a signal that is aborted already: lock.cancelled', async (context) => {
    const lock = await context.lock('provisioned');
    insistError(await unlock(context, lock, { signal: AbortSignal.abort() }), 'lock.cancelled');
    insist(lock.timesOpened() === 0, 'the lock opened');
  }),
  ...stages.map((when) =>
    check(
      `cancel.in_${when}`,
      `stopped when ${when} begins: lock.cancelled, and nothing done`,
      async (context) => {
        const lock = await context.lock('provisioned');
        const abort = new AbortController();
        const onStage = (stage: string): void => {
          if (stage === when) abort.abort();
        };
        const observed = await unlock(context, lock, { signal: abort.signal, onStage });
        insistError(observed, 'lock.cancelled');
        insist(observed.commits.length === 0, 'a stopped unlock committed');
        await context.world.pass(2000);
        insist(lock.timesOpened() === 0, 'a stopped unlock opened the lock');
      },
    ),
  ),
  check('cancel.while_waiting', 'stopped while it waits for a lock, an unlock ends soon', async (context) => {
    const abort = new AbortController();
    const onStage = (stage: string): void => {
      if (stage === 'authenticate') setImmediate(() => abort.abort());
    };
    const lock = await context.lock('silent');
    const observed = await unlock(context, lock, { signal: abort.signal, onStage });
    insistError(observed, 'lock.cancelled');
    insist(observed.tookMs < 3000, `it took ${observed.tookMs} ms to stop`);
  }),
  check(
    'cancel.too_late',
    'once committed, the signal is ignored and the answer is the lock’s',
    async (context) => {
      const lock = await context.lock('provisioned');
      const abort = new AbortController();
      const onCommitted = (): void => abort.abort();
      insistOk(await unlock(context, lock, { signal: abort.signal, onCommitted }));
      insist(lock.timesOpened() === 1, 'the answer is ok and the lock has not opened once');
    },
  ),
  check(
    'unknown.no_answer',
    'no answer to the command: lock.outcome_unknown, and no second try',
    async (context) => {
      const lock = await context.lock('loses_answer');
      const observed = await unlock(context, lock);
      insistError(observed, 'lock.outcome_unknown');
      insist(observed.commits.length === 1, `committed ${observed.commits.length} times`);
      await context.world.pass(2000);
      insist(lock.timesOpened() === 1, `the command was given ${lock.timesOpened()} times`);
    },
  ),
  check(
    'unknown.link_lost',
    'a link lost after the command: lock.outcome_unknown, at once',
    async (context) => {
      const lock = await context.lock('loses_link_after_unlock');
      const observed = await unlock(context, lock);
      insistError(observed, 'lock.outcome_unknown');
      insist(observed.tookMs < 5000, `it took ${observed.tookMs} ms to say so`);
      await context.world.pass(2000);
      insist(lock.timesOpened() === 1, `the command was given ${lock.timesOpened()} times`);
    },
  ),
  check('unknown.not_before', 'a link lost before the command is no unknown outcome', async (context) => {
    const lock = await context.lock('loses_first_link');
    const observed = await unlock(context, lock);
    if (observed.result.ok) {
      insist(lock.timesOpened() === 1, 'ok, and the lock has not opened once');
      return;
    }
    insistError(observed, 'lock.link_lost');
    insist(lock.timesOpened() === 0, 'link_lost, and the lock has opened');
  }),
  check('unknown.not_of_status', 'status changes nothing: it never commits', async (context) => {
    const tells = await status(context, await context.lock('provisioned'));
    insist(insistOk(tells).provisioned, 'an enrolled lock is said to be new');
    insist(tells.commits.length === 0, 'status committed');
    insistError(await status(context, await context.lock('silent')), 'lock.answer_timeout', 'lock.link_lost');
  }),
  check('deadline.short', 'a deadline too short for anything is kept all the same', async (context) => {
    const lock = await context.lock('slow');
    const observed = await unlock(context, lock, { deadlineMs: 200 });
    insist(!observed.result.ok, 'a slow lock opened within 200 ms');
  }),
];
