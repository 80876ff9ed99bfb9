/** The driver that comes with Latchpoint, as the suite takes one: `npm run conformance -- --driver test/conformance/open-driver.ts`. */
import { createOpenDriver } from '#kiosk/link/kiosk/open-driver.ts';
import type { LockDriver } from '#kiosk/link/lock-driver.ts';
import type { OpenWorld } from './open-world.ts';

export const createDriver = ({ radio, clock, random, logger, vendorRoot }: OpenWorld): LockDriver =>
  createOpenDriver({ radio, clock, random, logger, vendorRoot: () => vendorRoot });
