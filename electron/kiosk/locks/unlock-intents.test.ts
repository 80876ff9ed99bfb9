import { describe, expect, test } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { silentLogger } from '../platform/logger.ts';
import { createUnlockIntents, mostUnacknowledged } from './unlock-intents.ts';

const intent = { attemptId: ids.operation, serialNumber: serial, staffId: ids.ann };

const bench = (waiting: number, caughtUp: Result<null> = ok(null)) => {
  const written: string[] = [];
  const state = { waiting };
  const intents = createUnlockIntents({
    notes: {
      readNote: () => Promise.resolve(null),
      writeNote: (_key, value) => {
        written.push(value);
        return Promise.resolve(ok(null));
      },
    },
    data: { hasEventOfAttempt: () => Promise.resolve(false) },
    journal: { record: () => Promise.resolve(ok(null)), catchUp: () => Promise.resolve(caughtUp) },
    replication: { state },
    logger: silentLogger,
  });
  return { intents, written, state };
};

describe('before a command leaves', () => {
  test('the attempt is written down', async () => {
    const { intents, written } = bench(mostUnacknowledged - 1);
    expect(await intents.begin(intent)).toEqual(ok(null));
    expect(JSON.parse(written[0] ?? '')).toEqual(intent);
  });

  test('a full buffer stops it, says how much waits, and lets it go on once the backend has taken some', async () => {
    const { intents, written, state } = bench(mostUnacknowledged);
    const full = fail('storage.journal_full', { waiting: mostUnacknowledged });
    expect(await intents.begin(intent)).toEqual(full);
    expect(written).toEqual([]);
    state.waiting -= 1;
    expect(await intents.begin(intent)).toEqual(ok(null));
  });

  test('an event that still waits for the disk stops it too', async () => {
    const { intents, written } = bench(0, fail('storage.disk_full'));
    expect(await intents.begin(intent)).toEqual(fail('storage.disk_full'));
    expect(written).toEqual([]);
  });
});
