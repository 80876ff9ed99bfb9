/**
 * One new lock two metres from a Bluetooth controller, as a process. Environment:
 * - LOCK_DIR: what the lock remembers; VENDOR_DIR: the keys of the vendor that made it
 * - SERIAL_NUMBER: 16 hexadecimal digits
 * - PORT: where the controller speaks HCI (H4) on 127.0.0.1; 0 or absent takes a free one
 */
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { createEnding } from '#shared/flow/ending.ts';
import { serialNumberSchema } from '#shared/models/primitives.ts';
import { createStoreAir } from '../air/store-air.ts';
import { endEachWithinMs, endWhenAsked } from '../end-when-asked.ts';
import { fileMemory, openLockIdentity } from '../lock/file-memory.ts';
import { createSimulatedLock } from '../lock/simulated-lock.ts';
import { openVendor } from '../live-lock/open-vendor.ts';

const environmentSchema = z.object({
  LOCK_DIR: z.string().min(1),
  VENDOR_DIR: z.string().min(1),
  SERIAL_NUMBER: serialNumberSchema,
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});
const battery = 100;

const run = async (): Promise<void> => {
  const {
    LOCK_DIR,
    VENDOR_DIR,
    SERIAL_NUMBER: serialNumber,
    PORT: port,
  } = environmentSchema.parse(process.env);
  const vendor = await openVendor(VENDOR_DIR);
  const identity = await openLockIdentity(LOCK_DIR, vendor, { serialNumber, type: 'CAM' });
  const memory = fileMemory(join(LOCK_DIR, `${serialNumber}.json`));
  const [clock, random] = [systemClock, systemRandom];
  const lock = createSimulatedLock({ identity, clock, random, memory, battery });
  const air = await createStoreAir({ clock, random, locks: [lock], port });
  const ending = createEnding({ timer: clock, eachMs: endEachWithinMs });
  ending.adopt('lock', lock);
  ending.adopt('air', air);
  endWhenAsked(ending);
  console.log(`Lock ${serialNumber}, and a controller at ${air.h4}`);
};

try {
  await run();
} catch (error) {
  console.error(error instanceof z.ZodError ? z.prettifyError(error) : error);
  process.exit(1);
}
