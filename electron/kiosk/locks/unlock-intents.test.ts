import { describe, expect, test } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createUnlockIntents, mostUnacknowledged } from './unlock-intents.ts';

const intent = { attemptId: ids.operation, serialNumber: serial, staffId: ids.ann };

const other = { ...intent, attemptId: ids.enrolment };

const bench = (waiting: number, caughtUp: Result<null> = ok(null), note: string | null = null) => {
  const written: string[] = [];
  const recorded: (string | null | undefined)[] = [];
  const unknown: string[] = [];
  const state = { waiting };
  const intents = createUnlockIntents({
    notes: {
      readNote: () => Promise.resolve(note),
      writeNote: (_key, value) => {
        written.push(value);
        return Promise.resolve(ok(null));
      },
    },
    data: { hasEventOfAttempt: () => Promise.resolve(false) },
    journal: {
      record: ({ attemptId }) => {
        recorded.push(attemptId);
        return Promise.resolve(ok(null));
      },
      catchUp: () => Promise.resolve(caughtUp),
    },
    concerns: {
      ended: (serialNumber, end) => {
        unknown.push(`${serialNumber} ${end.kind}`);
        return Promise.resolve();
      },
    },
    replication: { state },
    logger: silentLogger,
  });
  return { intents, written, recorded, unknown, state };
};

describe('before a command leaves', () => {
  test('the attempt is written down', async () => {
    const { intents, written } = bench(mostUnacknowledged - 1);
    expect(await intents.begin(intent)).toEqual(ok(null));
    expect(JSON.parse(written[0] ?? '')).toEqual([intent]);
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

describe('several at once', () => {
  test('each is written down beside the others, and goes when its own event is stored', async () => {
    const { intents, written } = bench(0);
    await Promise.all([intents.begin(intent), intents.begin(other)]);
    expect(JSON.parse(written.at(-1) ?? '')).toEqual([intent, other]);
    await intents.end(intent.attemptId);
    expect(JSON.parse(written.at(-1) ?? '')).toEqual([other]);
    await intents.end(other.attemptId);
    expect(written.at(-1)).toBe('');
  });

  test('one whose event waits for the disk stays until the disk has taken it', async () => {
    const { intents, written } = bench(0);
    await intents.begin(intent);
    await intents.end(intent.attemptId, 'waits');
    expect(JSON.parse(written.at(-1) ?? '')).toEqual([intent]);
    await intents.begin(other);
    expect(JSON.parse(written.at(-1) ?? '')).toEqual([other]);
  });
});

describe('what a killed kiosk left', () => {
  test.each([
    ['several', [intent, other]],
    ['one, as kiosks wrote it that opened one lock at a time', intent],
  ])('%s', async (_name, note) => {
    const { intents, written, recorded, unknown } = bench(0, ok(null), JSON.stringify(note));
    await intents.recover();
    expect(recorded).toEqual([note].flat().map(({ attemptId }) => attemptId));
    expect(written.at(-1)).toBe('');
    // The next person is told, too.
    expect(unknown).toEqual(recorded.map(() => `${serial} unknown`));
  });

  test('a note that cannot be read is nobody’s', async () => {
    const { intents, recorded } = bench(0, ok(null), '{"attemptId":');
    await intents.recover();
    expect(recorded).toEqual([]);
  });
});
