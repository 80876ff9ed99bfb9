import { describe, expect, test } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { createUpdateChoosing, noUpdateChoosing } from './choosing.ts';

const staffId = '11111111-1111-4111-8111-111111111111';
const there = new AbortController().signal;

/** What was done, in order. */
const open = (rest: { idle?: boolean; recorded?: Result<null> } = {}) => {
  const done: string[] = [];
  const told: JournalEntry[] = [];
  const install =
    (when: string) =>
    async (version: string, prepare: () => Promise<Result<null>>): Promise<Result<null>> => {
      const prepared = await prepare();
      if (prepared.ok) done.push(`${when} ${version}`);
      return prepared;
    };
  const choosing = createUpdateChoosing({
    updates: { installNow: install('now'), installTonight: install('tonight') },
    quiet: { idle: () => Promise.resolve(rest.idle ?? true) },
    staff: {
      signOut: () => {
        done.push('signed out');
        return Promise.resolve();
      },
    },
    journal: {
      recordNow: (entry) => {
        done.push('on record');
        told.push(entry);
        return Promise.resolve(rest.recorded ?? ok(null));
      },
    },
  });
  return { choosing, done, told };
};

describe('a person says when a version is installed', () => {
  test('now: on record before they are signed out, and only then is it begun', async () => {
    const { choosing, done, told } = open();
    expect(await choosing.choose(staffId, { version: '0.3.1', when: 'now' }, there)).toEqual(ok(null));
    expect(done).toEqual(['on record', 'signed out', 'now 0.3.1']);
    expect(told).toEqual([{ kind: 'update_chosen', staffId, update: { version: '0.3.1', what: 'now' } }]);
  });

  test('tonight: on record, and they go on', async () => {
    const { choosing, done, told } = open({ idle: false });
    expect(await choosing.choose(staffId, { version: '0.3.1', when: 'tonight' }, there)).toEqual(ok(null));
    expect(done).toEqual(['on record', 'tonight 0.3.1']);
    expect(told).toMatchObject([{ update: { what: 'tonight' } }]);
  });

  test.for(['now', 'tonight'] as const)(
    '%s: what the disk does not take has not happened, nor what somebody said who has gone',
    async (when) => {
      const full = open({ recorded: fail('storage.disk_full') });
      const choice = { version: '0.3.1', when };
      expect(await full.choosing.choose(staffId, choice, there)).toMatchObject({
        error: { code: 'storage.disk_full' },
      });
      expect(full.done).toEqual(['on record']);
      const gone = open();
      expect(await gone.choosing.choose(staffId, choice, AbortSignal.abort())).toMatchObject({
        error: { code: 'staff.not_signed_in' },
      });
      expect(gone.done).toEqual([]);
    },
  );

  test('now, while something is under way: nothing is begun, and nobody is signed out', async () => {
    const { choosing, done } = open({ idle: false });
    expect(await choosing.choose(staffId, { version: '0.3.1', when: 'now' }, there)).toMatchObject({
      error: { code: 'update.kiosk_busy' },
    });
    expect(done).toEqual([]);
  });

  test('of nothing where IT pushes updates', async () => {
    expect(await noUpdateChoosing.choose(staffId, { version: '0.3.1', when: 'now' }, there)).toMatchObject({
      error: { code: 'update.not_waiting' },
    });
  });
});
