/** What the driver promises when an unlock goes as it should, and when the lock says no. */
import type { UnlockStage } from '#shared/models/access-event.ts';
import { insist } from '../broken-promise.ts';
import { check, insistError, insistOk, type CheckContext } from '../check.ts';
import { holdOpenSeconds, unlock } from '../operations.ts';
import type { LockState, WorldLock } from '../world.ts';

const order: readonly UnlockStage[] = ['find', 'connect', 'authenticate', 'actuate'];

const insistOpened = (lock: WorldLock, times: number): void => {
  const opened = lock.timesOpened();
  insist(opened === times, `the lock has opened ${opened} times instead of ${times}`);
};

/** The lock in this state must not open, and the driver has to say why. */
const refuses = async (
  context: CheckContext,
  state: LockState,
  ...codes: Parameters<typeof insistError>[1][]
): Promise<void> => {
  const lock = await context.lock(state);
  insistError(await unlock(context, lock), ...codes);
  insistOpened(lock, 0);
};

export const unlockChecks = [
  check(
    'unlock.opens',
    'unlock answers ok, with the lock’s own hold time, and the lock is open',
    async (context) => {
      const lock = await context.lock('provisioned');
      const { holdOpenSeconds: held } = insistOk(await unlock(context, lock));
      insist(held === holdOpenSeconds, `asked for ${holdOpenSeconds} s, the lock is said to hold ${held} s`);
      insistOpened(lock, 1);
    },
  ),
  check('unlock.again', 'a lock opens again and again', async (context) => {
    const lock = await context.lock('provisioned');
    for (let times = 1; times <= 3; times += 1) {
      insistOk(await unlock(context, lock));
      insistOpened(lock, times);
    }
  }),
  check(
    'unlock.stages',
    'onStage tells find, connect, authenticate, actuate in this order',
    async (context) => {
      const observed = await unlock(context, await context.lock('provisioned'));
      insistOk(observed);
      const told = observed.stages.join(', ');
      insist(told === order.join(', '), `the stages were: ${told || 'none'}`);
    },
  ),
  check('unlock.commits_once', 'onCommitted is called once, in the stage actuate', async (context) => {
    const { commits } = await unlock(context, await context.lock('provisioned'));
    insist(commits.length === 1, `onCommitted was called ${commits.length} times`);
    insist(commits[0] === 'actuate', `committed in the stage ${commits[0]}`);
  }),
  check(
    'unlock.commits_before',
    'onCommitted is called before the command can reach the lock',
    async (context) => {
      const lock = await context.lock('provisioned');
      let openedBefore = -1;
      const onCommitted = (): void => void (openedBefore = lock.timesOpened());
      insistOk(await unlock(context, lock, { onCommitted }));
      insist(openedBefore <= 0, 'the lock had opened before the driver committed');
    },
  ),
  check('unlock.slow', 'a lock that is slow opens all the same', async (context) => {
    const lock = await context.lock('slow');
    insistOk(await unlock(context, lock));
    insistOpened(lock, 1);
  }),
  check('unlock.absent', 'a lock that is not heard: lock.not_near', (context) =>
    refuses(context, 'absent', 'lock.not_near'),
  ),
  check(
    'unlock.unreachable',
    'a lock that is heard but can’t be connected: lock.connect_timeout',
    (context) => refuses(context, 'unreachable', 'lock.connect_timeout'),
  ),
  check('unlock.silent', 'a lock that never answers: lock.answer_timeout', (context) =>
    refuses(context, 'silent', 'lock.answer_timeout'),
  ),
  check('unlock.new', 'a new lock: lock.not_provisioned', (context) =>
    refuses(context, 'new', 'lock.not_provisioned'),
  ),
  check('unlock.foreign', 'another customer’s lock: lock.chain_refused', (context) =>
    refuses(context, 'foreign', 'lock.chain_refused'),
  ),
  check('unlock.counterfeit', 'a lock that is not the one enrolled: lock.not_genuine', (context) =>
    refuses(context, 'counterfeit', 'lock.not_genuine'),
  ),
  check('unlock.jammed', 'the lock’s own no: lock.refused with its reason', async (context) => {
    const lock = await context.lock('jammed');
    const observed = await unlock(context, lock);
    insistError(observed, 'lock.refused');
    const { result } = observed;
    insist(result.ok || result.error.params['reason'] === 'jammed', 'the reason is not "jammed"');
    insistOpened(lock, 0);
  }),
  check('unlock.lapsed', 'a lapsed intermediate opens nothing: lock.chain_refused', async (context) => {
    const lock = await context.lock('provisioned');
    const lapsed = await lock.credentials({ lapsed: true });
    insistError(await unlock(context, lock, {}, lapsed), 'lock.chain_refused');
    insistOpened(lock, 0);
  }),
  check(
    'unlock.other_key',
    'another lock’s credentials open nothing: lock.chain_refused',
    async (context) => {
      const lock = await context.lock('provisioned');
      const others = await (await context.lock('provisioned')).credentials();
      const mixed = { ...others, deviceCertificate: lock.deviceCertificate };
      insistError(await unlock(context, lock, {}, mixed), 'lock.chain_refused');
      insistOpened(lock, 0);
    },
  ),
  check(
    'unlock.no_credentials',
    'bytes that are no credentials are refused, not thrown at',
    async (context) => {
      const lock = await context.lock('provisioned');
      const noise = Uint8Array.from({ length: 40 }, (_, index) => index * 5);
      const credentials = {
        keyCertificate: noise,
        privateKey: noise,
        intermediate: noise,
        deviceCertificate: noise,
      };
      insistError(await unlock(context, lock, {}, credentials), 'lock.chain_refused', 'lock.not_genuine');
      insistOpened(lock, 0);
    },
  ),
];
