/** In which order the files of tests run. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Those that take the longest, by kind. Vitest learns that only from runs before, which a clean clone has not; and what begins last holds
 * up the end alone.
 */
export const longest: readonly string[] = [
  'test/contract/packages.test.ts',
  'test/integration/endurance/model.test.ts',
  'test/integration/endurance/crash.test.ts',
  'test/integration/backend/process.test.ts',
  'test/integration/backend/rights-of-one-mind.test.ts',
  'test/integration/backend/herd.test.ts',
  'test/integration/custody/enrolment-deaths.test.ts',
  'test/integration/custody/key-rotation.test.ts',
  'test/integration/data/damaged-documents.test.ts',
  'test/integration/backend/neighbours.test.ts',
  'test/integration/backend/steady-clock.test.ts',
  'test/integration/custody/duress.test.ts',
  'test/e2e/screens-languages.test.ts',
  'test/e2e/screens.test.ts',
  'test/e2e/revocation.test.ts',
  'test/e2e/first-lock.test.ts',
  'test/e2e/store.test.ts',
];

/** Where a file stands in that order: behind all of it where it is not named. */
export const placeOf = (path: string): number => {
  const at = longest.findIndex((name) => path.endsWith(`/${name}`));
  return at < 0 ? longest.length : at;
};

/** What is named above in that order, then the others as Vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.sort((one, other) => placeOf(one.moduleId) - placeOf(other.moduleId));
  }
}
