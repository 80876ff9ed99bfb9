/** What a driver that offers `prepare` promises of it: that it saves time, and does nothing else. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import { insist } from '../broken-promise.ts';
import { check, insistError, insistOk } from '../check.ts';
import { begin } from '../observe.ts';
import { prepare, provision, unlock } from '../operations.ts';

/** Longer than a lock is held for a guess. */
const givenUpMs = 10_000;
/** A lock that is there is heard within this time. */
const listenMs = 2000;

export const prepareChecks = [
  check('prepare.opens_nothing', 'prepare changes nothing; the unlock after it does', async (context) => {
    const lock = await context.lock('provisioned');
    const observed = await prepare(context, lock);
    insistOk(observed);
    insist(observed.commits.length === 0, 'prepare committed');
    await context.world.pass(1000);
    insist(lock.timesOpened() === 0, 'prepare opened the lock');
    const opened = await unlock(context, lock);
    insistOk(opened);
    insist(lock.timesOpened() === 1, `the lock opened ${lock.timesOpened()} times`);
    const told = opened.stages.join(', ');
    insist(told === 'find, connect, authenticate, actuate', `after prepare the stages were: ${told}`);
  }),
  check('prepare.again', 'a lock that is prepared can be prepared again', async (context) => {
    const lock = await context.lock('provisioned');
    insistOk(await prepare(context, lock));
    insistOk(await prepare(context, lock));
    insistOk(await unlock(context, lock));
  }),
  check('prepare.given_up', 'what nobody asks for is given up, and opens as before', async (context) => {
    const lock = await context.lock('provisioned');
    insistOk(await prepare(context, lock));
    await context.world.pass(givenUpMs);
    insistOk(await unlock(context, lock));
    insist(lock.timesOpened() === 1, `the lock opened ${lock.timesOpened()} times`);
  }),
  check('prepare.sighted', 'a lock that is held goes on being sighted', async (context) => {
    const lock = await context.lock('provisioned');
    insistOk(await prepare(context, lock));
    let heard = 0;
    const listening = context.driver.sightings$.subscribe(({ serialNumber }) => {
      if (serialNumber === lock.serialNumber) heard += 1;
    });
    await context.world.pass(listenMs);
    listening.unsubscribe();
    insist(heard > 0, 'a lock that the driver holds has vanished from the sightings');
  }),
  check('prepare.other_lock', 'a lock that is held holds up no other', async (context) => {
    insistOk(await prepare(context, await context.lock('provisioned')));
    const other = await context.lock('provisioned');
    insistOk(await unlock(context, other));
    insistOk(await prepare(context, other));
  }),
  check(
    'prepare.counterfeit',
    'prepare of a lock that is not the one enrolled: lock.not_genuine',
    async (context) => {
      insistError(await prepare(context, await context.lock('counterfeit')), 'lock.not_genuine');
    },
  ),
  check('prepare.absent', 'prepare of a lock that is not heard: lock.not_near', async (context) => {
    insistError(await prepare(context, await context.lock('absent')), 'lock.not_near');
  }),
  check('prepare.own_key', 'a prepared lock still wants the right key', async (context) => {
    const lock = await context.lock('provisioned');
    insistOk(await prepare(context, lock));
    const lapsed = await lock.credentials({ lapsed: true });
    insistError(await unlock(context, lock, {}, lapsed), 'lock.chain_refused');
    insist(lock.timesOpened() === 0, 'a prepared lock opened with a lapsed intermediate');
  }),
  check('prepare.any_operation', 'what follows prepare need not be an unlock', async (context) => {
    const lock = await context.lock('new');
    insistOk(await prepare(context, lock));
    insistOk(await provision(context, lock));
  }),
  check('prepare.dispose', 'dispose gives up what is held; then: lock.cancelled', async (context) => {
    const lock = await context.lock('provisioned');
    insistOk(await prepare(context, lock));
    const dispose = (): Promise<Result<null>> => context.driver.dispose().then(() => ok(null));
    insistOk(await begin(context.world, 'dispose', dispose).finish());
    insistError(await prepare(context, lock), 'lock.cancelled');
  }),
];
