/** What a test of a whole estate finds; whoever imports this has one for the file. */
import { test } from 'vitest';
import { openEstate } from './estate.ts';

/** One estate for the file: PostgreSQL, the vendor's sandbox and a backend. */
export const estateTest = test.extend('estate', { scope: 'file' }, async ({}, { onCleanup }) => {
  const estate = await openEstate();
  onCleanup(() => estate.dispose());
  return estate;
});

// In a hook, whose time is its own: else it would be the first test's.
estateTest.beforeAll(({ estate: _estate }) => undefined);
