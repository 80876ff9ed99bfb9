/** Every fault at every place of every exchange. */
import { exchanges } from './exchanges.ts';
import { planOfPlace, type SingleFault } from './plans.ts';
import { runFault } from './run.ts';
import type { Tally } from './tally.ts';
import type { FaultWorld } from './world.ts';

/** Goes on from place to place until the exchange ends before it gets there. */
export const sweep = async (
  world: FaultWorld,
  tally: Tally,
  options: { readonly frameSize: number; readonly faults: readonly SingleFault[] },
): Promise<void> => {
  const { frameSize, faults } = options;
  for (const exchange of exchanges) {
    for (const fault of faults) {
      for (let place = 0, reached = true; reached; place += 1) {
        const outcome = await runFault(world, planOfPlace(exchange, frameSize, place, fault), place);
        reached = outcome.frames > place;
        const where = `${exchange.name}, frames of ${frameSize} bytes, ${fault.name} at frame ${place}`;
        tally.add(`${exchange.name}: ${fault.name}`, outcome, where);
      }
    }
  }
};
