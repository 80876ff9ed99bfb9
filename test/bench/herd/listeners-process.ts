/** The process that holds open streams for `streams` and `propagate`. Its parent says what, and ends it. */
import { makeFleet, type FleetKiosk } from './fleet.ts';
import { measureCommits, type Ears } from './commits.ts';
import { listenOrderSchema, type ListenOrder } from './herd-contract.ts';
import { listenAll } from './listening.ts';

const ears: Ears = { onHeard: () => undefined };

const listen = async (order: ListenOrder): Promise<void> => {
  const fleet: readonly FleetKiosk[] = await makeFleet(order, { kiosks: order.kiosks, changedShare: 0 });
  process.send?.({ type: 'made' });
  await listenAll(fleet, order.url, (kiosk) => ears.onHeard(kiosk));
  process.send?.({ type: 'open' });
  if (order.rounds > 0) process.send?.({ type: 'heard', ...(await measureCommits(order, fleet, ears)) });
};

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.on('message', (message) => {
  listen(listenOrderSchema.parse(message)).catch((failure: unknown) => {
    process.stderr.write(`${String(failure)}\n`);
    process.exit(1);
  });
});
process.send?.({ type: 'ready' });
