/**
 * The sandbox as a process. Environment:
 * - VENDOR_DIR: folder of the vendor's keys and the registry
 * - LIVE_LOCK_API_KEY: the key that the integrator's backend bears, three parts with dots between them
 * - LIVE_LOCK_OWNER: owner value of the one customer, "simulated-store" unless told
 * - CONTROL_TOKEN: opens /control; without it there is no /control
 * - LIVE_LOCK_INTERMEDIATE_DAYS: lifetime of an intermediate, 14 unless told
 * - PORT: 0 or absent takes a free one
 *
 * A parent process gets `{ type: 'ready', port }`, and takes this one with it when it ends.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '#kiosk/platform/clock.ts';
import { createEnding } from '#shared/flow/ending.ts';
import { endEachWithinMs, endWhenAsked } from '../end-when-asked.ts';
import { openVendor } from '../live-lock/open-vendor.ts';
import { createLiveLockApi } from './live-lock-api.ts';
import { openRegistry } from './registry.ts';

const environmentSchema = z.object({
  VENDOR_DIR: z.string().min(1),
  LIVE_LOCK_API_KEY: z.string().min(1),
  LIVE_LOCK_OWNER: z.string().min(1).max(100).default('simulated-store'),
  CONTROL_TOKEN: z.string().min(1).optional(),
  LIVE_LOCK_INTERMEDIATE_DAYS: z.coerce.number().positive().max(366).default(14),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});

const run = async (): Promise<void> => {
  const environment = environmentSchema.parse(process.env);
  const vendor = await openVendor(environment.VENDOR_DIR);
  await vendor.addCustomer(environment.LIVE_LOCK_OWNER);
  const registry = openRegistry(join(environment.VENDOR_DIR, 'registry.sqlite'));
  const api = createLiveLockApi({
    vendor,
    registry,
    clock: systemClock,
    apiKey: environment.LIVE_LOCK_API_KEY,
    controlToken: environment.CONTROL_TOKEN ?? null,
    intermediateDays: environment.LIVE_LOCK_INTERMEDIATE_DAYS,
  });
  const ending = createEnding({ timer: systemClock, eachMs: endEachWithinMs });
  ending.adopt('registry', registry);
  ending.adopt('API', api);
  endWhenAsked(ending);

  const port = await api.listen(environment.PORT);
  process.send?.({ type: 'ready', port });
  console.log(`LIVE Lock API sandbox on http://127.0.0.1:${String(port)}`);
};

try {
  await run();
} catch (error) {
  console.error(error instanceof z.ZodError ? z.prettifyError(error) : error);
  process.exit(1);
}
