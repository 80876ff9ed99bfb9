/** What the driver promises of a lock's own record of what it did. */
import { BrokenPromise, insist } from '../broken-promise.ts';
import { check, insistError, insistOk, type CheckContext } from '../check.ts';
import { actorHash, events, status, unlock } from '../operations.ts';
import type { WorldLock } from '../world.ts';

/** More answers than any ring takes. */
const mostReadings = 20;

/** All sequence numbers of a ring, read as often as the driver says that there is more. */
const sequencesOf = async (context: CheckContext, lock: WorldLock): Promise<number[]> => {
  const read: number[] = [];
  for (let reading = 0; reading < mostReadings; reading += 1) {
    const page = insistOk(await events(context, lock, read.at(-1) ?? 0));
    read.push(...page.events.map(({ sequence }) => sequence));
    if (!page.more) return read;
    insist(page.events.length > 0, 'events answered none and "more"');
  }
  throw new BrokenPromise(`after ${mostReadings} readings there is still more`);
};

const ascends = (sequences: readonly number[]): boolean =>
  sequences.every((sequence, index) => index === 0 || sequence > (sequences[index - 1] ?? 0));

export const ringChecks = [
  check('events.what_happened', 'events tells an unlock, and whose it was', async (context) => {
    const lock = await context.lock('provisioned');
    insistOk(await unlock(context, lock));
    const last = insistOk(await events(context, lock)).events.at(-1);
    insist(last?.kind === 'unlocked', `the last event is said to be ${last?.kind ?? 'none'}`);
    const isHis = last.actorHash !== null && Buffer.compare(last.actorHash, actorHash) === 0;
    insist(isHis, 'the event does not tell the hash of who unlocked');
    insist(Number.isInteger(last.at) && last.at > 0, `it is said to have happened at ${last.at}`);
  }),
  check('events.order', 'events tells a full ring to its end, oldest first', async (context) => {
    const sequences = await sequencesOf(context, await context.lock('full_ring'));
    insist(sequences.length > 1, 'a full ring has no events');
    insist(ascends(sequences), `the order is ${sequences.join(', ')}`);
  }),
  check(
    'events.after',
    'events goes on after a sequence number, and ends after the last',
    async (context) => {
      const lock = await context.lock('full_ring');
      const sequences = await sequencesOf(context, lock);
      const middle = sequences.at(-5) ?? 0;
      const later = insistOk(await events(context, lock, middle)).events.map(({ sequence }) => sequence);
      insist(
        later.join() === sequences.slice(-4).join(),
        `after ${middle} come ${later.join(', ') || 'none'}`,
      );
      const none = insistOk(await events(context, lock, sequences.at(-1) ?? 0));
      insist(none.events.length === 0 && !none.more, 'after the last event there is another');
    },
  ),
  check('events.changes_nothing', 'events never commits, and leaves the ring as it is', async (context) => {
    const lock = await context.lock('provisioned');
    insistOk(await unlock(context, lock));
    const first = await events(context, lock);
    const again = await events(context, lock);
    insist(first.commits.length + again.commits.length === 0, 'events committed');
    const same = insistOk(first).events.length === insistOk(again).events.length;
    insist(same, 'reading the ring has changed it');
    insistOk(await status(context, lock));
  }),
  check('events.silent', 'a lock that never answers: lock.answer_timeout', async (context) => {
    insistError(await events(context, await context.lock('silent')), 'lock.answer_timeout', 'lock.link_lost');
  }),
  check(
    'events.foreign',
    'another customer\u2019s lock tells nothing: lock.chain_refused',
    async (context) => {
      insistError(await events(context, await context.lock('foreign')), 'lock.chain_refused');
    },
  ),
];
