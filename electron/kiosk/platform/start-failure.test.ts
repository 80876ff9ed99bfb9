import { expect, it } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { describeStartFailure } from './start-failure.ts';

it('words what IT can mend, and ends with the code that says so', () => {
  const invalid = new AppFailure('config.invalid', {
    source: 'policy',
    path: 'backendUrl',
    problem: 'must be https',
  });
  expect(describeStartFailure(invalid)).toEqual({
    line: 'Latchpoint can\'t start: the configuration from policy is not right, at "backendUrl": must be https (config.invalid)',
    exitCode: 78,
  });
  expect(describeStartFailure(new AppFailure('config.port_taken', { port: 8080 }))).toMatchObject({
    exitCode: 78,
  });
  expect(
    describeStartFailure(new AppFailure('storage.newer_version', { found: 3, supported: 2 })).line,
  ).toContain('3');
});

it('names what nobody foresaw without quoting it', () => {
  expect(describeStartFailure(new TypeError('pin 4711'))).toEqual({
    line: 'Latchpoint stopped while starting: TypeError. Its log says where.',
    exitCode: 1,
  });
  expect(describeStartFailure('4711').line).not.toContain('4711');
});
