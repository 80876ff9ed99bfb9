/** The open driver keeps every promise of `LockDriver`, and the suite notices a driver that does not. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test as base } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { createBrokenDriver, defects, type Defect } from '../conformance/broken-driver.ts';
import { createDriver } from '../conformance/open-driver.ts';
import { createOpenWorlds, type OpenWorld } from '../conformance/open-world.ts';
import { checks, runChecks } from '../conformance/run-checks.ts';
import type { DriverModule } from '../conformance/world.ts';

const test = base
  .extend('worlds', { scope: 'file' }, async ({}, { onCleanup }) => {
    const worlds = await createOpenWorlds();
    onCleanup(() => worlds.dispose());
    return worlds;
  })
  .extend('brokenChecks', ({ worlds }) => async (module: DriverModule<OpenWorld>): Promise<string[]> => {
    const reports = await runChecks(module, () => worlds.create());
    expect(reports).toHaveLength(checks.length);
    expect(reports.filter(({ outcome }) => outcome === 'skipped')).toEqual([]);
    return reports.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id);
  });

test('the open driver keeps every promise', async ({ brokenChecks }) => {
  expect(await brokenChecks({ createDriver })).toEqual([]);
});

/** Which checks a defect has to fail: these, and no others. */
const places: Record<Defect, readonly string[]> = {
  rejects: ['unlock.absent'],
  outlivesItsDeadline: [
    'unlock.absent',
    'unlock.unreachable',
    'unlock.silent',
    'unknown.no_answer',
    'busy.other_lock',
    'dispose.not_lying',
  ],
  takesUnknownForOpen: ['unknown.no_answer', 'unknown.link_lost', 'dispose.not_lying'],
  triesAgain: ['unknown.no_answer', 'unknown.link_lost', 'dispose.not_lying'],
  neverCommits: ['unlock.commits_once', 'unknown.no_answer'],
  commitsAfterwards: ['unlock.commits_before', 'unknown.no_answer'],
  cannotBeStopped: [
    'cancel.at_once',
    'cancel.in_find',
    'cancel.in_connect',
    'cancel.in_authenticate',
    'cancel.in_actuate',
    'cancel.while_waiting',
    'busy.is_over',
  ],
  stopsTooLate: ['cancel.too_late'],
  tellsStagesBackwards: ['unlock.stages', 'unlock.commits_once', 'prepare.opens_nothing'],
  speaksItsOwnWords: ['unlock.jammed'],
  queuesInsteadOfBusy: ['busy.same_lock', 'busy.other_lock'],
  replaysSightings: ['sightings.hot'],
  keepsKeys: ['secrets.not_kept'],
  logsKeys: ['secrets.not_logged'],
  takesAnyCode: ['enrolment.counterfeit', 'enrolment.other_code'],
  repeatsProofs: ['enrolment.proof'],
  inventsProofs: ['enrolment.unproven'],
  tellsTheRingBackwards: ['events.what_happened', 'events.order', 'events.after'],
  tellsNoActors: ['events.what_happened'],
  neverEndsTheRing: ['events.order', 'events.after'],
  readsTheRingFromTheBeginning: ['events.after'],
  releasesUncommitted: ['release.commits_once'],
  releasesUnstoppably: ['release.stopped'],
  takesUnknownForReleased: ['release.unknown'],
  takesAnyTokenForGood: ['release.other_token'],
  releasesOnlyOnce: ['release.repeats', 'release.unknown'],
  preparesInSecret: ['prepare.sighted'],
  preparesAnything: ['prepare.counterfeit', 'prepare.absent'],
  holdsOneAndNoOther: ['prepare.other_lock'],
  goesOnAfterDispose: ['prepare.dispose', 'dispose.ends', 'dispose.after'],
  neverFinishesDispose: ['prepare.dispose', 'dispose.ends', 'dispose.after'],
};

describe('a driver with a defect fails where it should, and only there', () => {
  test.for(Object.keys(defects) as Defect[])('%s', async (defect, { brokenChecks }) => {
    const broken = await brokenChecks({ createDriver: (world) => createBrokenDriver(world, defect) });
    expect(broken).toEqual(places[defect]);
  });
});

describe('a module that makes no driver', () => {
  const wanted = ['unlock.opens'];

  test('because it throws breaks the promise, and says what it threw', async ({ worlds }) => {
    const createDriver = () => {
      throw new Error('no licence');
    };
    const reports = await runChecks({ createDriver }, () => worlds.create(), { wanted });
    expect(reports).toMatchObject([
      { outcome: 'broken', detail: 'createDriver threw or rejected: Error: no licence' },
    ]);
  });

  test('because that never ends ends the run', async ({ worlds }) => {
    const createDriver = () => Promise.withResolvers<never>().promise;
    const run = runChecks({ createDriver }, () => worlds.create(), { wanted, longestMs: 20 });
    await expect(run).rejects.toThrow('createDriver has not answered within 0.02 s');
  });
});

describe('the command', () => {
  const script = (...args: readonly string[]): Promise<{ code: number; errors: string }> =>
    new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', 'build/scripts/conformance.ts', ...args],
        (_error, _output, errors) => resolve({ code: child.exitCode ?? -1, errors }),
      );
    });

  folderTest(
    'ends with 1 for a driver that breaks promises, and writes what it found',
    async ({ folder }) => {
      const json = join(folder, 'report.json');
      const { code } = await script('--driver', 'test/conformance/broken-driver.ts', '--json', json);
      expect(code).toBe(1);
      const reports: unknown = JSON.parse(await readFile(json, 'utf8'));
      expect(reports).toHaveLength(checks.length);
      expect(reports).toContainEqual(
        expect.objectContaining({
          id: 'unlock.jammed',
          outcome: 'broken',
          detail: 'unlock answered internal.unexpected: neither lock.* nor radio.*',
        }),
      );
    },
  );

  test.each([
    ['no driver', []],
    ['an unknown option', ['--driver', 'test/conformance/open-driver.ts', '--fast']],
    ['a file without a driver', ['--driver', 'test/conformance/world.ts']],
  ])('ends with 2 for %s', async (_name, args) => {
    const { code, errors } = await script(...args);
    expect(code).toBe(2);
    expect(errors).not.toBe('');
  });
});
