import { describe, expect, it } from 'vitest';
import { failuresOf, type VitestReport } from './run-vitest.ts';

const file = (
  name: string,
  status: string,
  assertionResults: VitestReport['testResults'][0]['assertionResults'],
) => ({
  name: `/project/test/${name}.test.ts`,
  status,
  message: status === 'passed' ? '' : 'Cannot find module\n  at line 3',
  assertionResults,
});
const report = (...testResults: VitestReport['testResults']): VitestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  testResults,
});
const test = (fullName: string, status: string, ...failureMessages: string[]) => ({
  fullName,
  status,
  failureMessages,
});

describe('What the end of a test run names', () => {
  it('is where a failed test stands, its name and how its message begins', () => {
    const message = `expected 1 to be 2\n${'at somewhere\n'.repeat(20)}`;
    const failures = failuresOf(
      report(file('locks', 'failed', [test('opens', 'failed', message), test('closes', 'passed')])),
      '/project',
    );
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^test\/locks\.test\.ts: opens \(failed\)\n {4}expected 1 to be 2\n/);
    expect(failures[0]?.split('\n')).toHaveLength(7);
  });

  it('includes a test that was skipped, and a file that could not be loaded', () => {
    const failures = failuresOf(
      report(file('skips', 'passed', [test('waits', 'skipped')]), file('broken', 'failed', [])),
      '/project',
    );
    expect(failures[0]).toContain('skips.test.ts: waits (skipped)');
    expect(failures[1]).toBe('test/broken.test.ts\n    Cannot find module\n    at line 3');
  });

  it('is nothing where all passed', () => {
    expect(failuresOf(report(file('fine', 'passed', [test('works', 'passed')])), '/project')).toEqual([]);
  });
});
