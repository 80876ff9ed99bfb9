/** A core that starts a radio process and is killed: run by a test with the H4 address as its argument. */
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import { createRadioClient } from '#kiosk/radio/radio-client.ts';

const h4 = process.argv[2];
const client = createRadioClient({
  spawn: () => forkRadioProcess(),
  clock: systemClock,
  logger: silentLogger,
  random: systemRandom,
  config: { h4 },
});
client.state$.subscribe((state) => process.send?.({ state, radioPid: client.pid }));
