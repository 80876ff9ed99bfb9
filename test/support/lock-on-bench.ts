/** One provisioned lock on a bench with the open driver and what opens it, made anew for each test that names it. */
import { test } from 'vitest';
import { volatileMemory, type LockMemory } from '#simulators/lock/lock-state.ts';
import { createLockBench, makeVendor, type LockBenchOptions } from './lock-bench.ts';

export const benchSerial = '0000051a00000005';

/** Vitest's `test` with these fixtures. The vendor is the same for all tests of a file. */
export const lockTest = test
  .extend('madeVendor', { scope: 'file' }, () => makeVendor())
  .extend('vendor', { scope: 'file' }, ({ madeVendor }, { onCleanup }) => {
    onCleanup(madeVendor.dispose);
    return madeVendor.vendor;
  })
  /** A test of other sizes or helpers overrides it. */
  .extend('benchOptions', (): LockBenchOptions => ({}))
  .extend('lockBench', async ({ vendor, benchOptions }, { onCleanup }) => {
    const bench = await createLockBench(vendor, benchOptions);
    onCleanup(() => bench.dispose());
    return bench;
  })
  .extend('identity', ({ vendor }) => vendor.manufactureLock(benchSerial, 'CAM'))
  /** What the lock remembers of itself. */
  .extend('memory', (): LockMemory => volatileMemory())
  /** Its serial number is `benchSerial`. */
  .extend('lock', ({ lockBench: bench, identity, memory }) =>
    bench.makeLock(benchSerial, { identity, memory, provisioned: true }),
  )
  .extend('credentials', ({ lockBench: bench, lock }) => bench.credentials(lock));
