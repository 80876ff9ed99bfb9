/** What the driver says of locks and of the radio without being asked. */
import type { Subscription } from 'rxjs';
import type { LockSighting } from '#kiosk/link/lock-driver.ts';
import { insist } from '../broken-promise.ts';
import { check, type CheckContext } from '../check.ts';

const listenMs = 2000;

const sightingsOf = async (context: CheckContext, serialNumber: string): Promise<LockSighting[]> => {
  const heard: LockSighting[] = [];
  const listening: Subscription = context.driver.sightings$.subscribe((sighting) => {
    if (sighting.serialNumber === serialNumber) heard.push(sighting);
  });
  await context.world.pass(listenMs);
  listening.unsubscribe();
  return heard;
};

const insistSense = ({ rssi, battery }: LockSighting): void => {
  insist(rssi === null || (rssi > -128 && rssi < 21), `a sighting tells an rssi of ${rssi} dBm`);
  insist(battery >= 0 && battery <= 100, `a sighting tells a battery of ${battery} percent`);
};

export const presenceChecks = [
  check(
    'radio_state.replays',
    'radioState$ tells its current state to whoever subscribes',
    async (context) => {
      const states: string[] = [];
      await context.world.pass(listenMs);
      context.driver.radioState$.subscribe((state) => states.push(state)).unsubscribe();
      insist(states.length === 1, `a new subscriber was told ${states.length} states`);
      insist(states[0] === 'ready', `the radio is usable, and yet the state is ${states[0]}`);
    },
  ),
  check('sightings.new', 'a new lock in reach is sighted, as unprovisioned', async (context) => {
    const lock = await context.lock('new');
    const heard = await sightingsOf(context, lock.serialNumber);
    insist(heard.length > 0, 'a lock in reach was not sighted');
    for (const sighting of heard) {
      insistSense(sighting);
      insist(!sighting.provisioned, 'a new lock was sighted as provisioned');
    }
  }),
  check('sightings.provisioned', 'an enrolled lock in reach is sighted, as provisioned', async (context) => {
    const lock = await context.lock('provisioned');
    const heard = await sightingsOf(context, lock.serialNumber);
    insist(heard.length > 0, 'a lock in reach was not sighted');
    for (const sighting of heard) {
      insistSense(sighting);
      insist(sighting.provisioned, 'an enrolled lock was sighted as new');
      insist(!sighting.boltOpen, 'a closed lock was sighted as open');
    }
  }),
  check('sightings.hot', 'sightings$ replays nothing: what is over is over', async (context) => {
    await context.lock('provisioned');
    await context.world.pass(listenMs);
    let early = 0;
    context.driver.sightings$.subscribe(() => (early += 1)).unsubscribe();
    insist(early === 0, 'a new subscriber was told of an earlier sighting');
  }),
  check('sightings.absent', 'a lock that is out of reach is not sighted', async (context) => {
    const lock = await context.lock('absent');
    const heard = await sightingsOf(context, lock.serialNumber);
    insist(heard.length === 0, 'a lock out of reach was sighted');
  }),
];
