/**
 * Whether what is told is heard. No backend is at work beside it: what others tell themselves would be heard, too, and the faked time
 * passes only where a test says so.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { KyselyPlugin } from 'kysely';
import type pg from 'pg';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createChangeHub } from '#backend/store/change-hub.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { databaseTest } from './database-test.ts';

const deaf = 'changes are told on another server than the one that is listened to';
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Not `eventually`: with each look that lets some of the faked time pass. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await delay(5);
};

const test = databaseTest
  .extend('logger', () => createRecordingLogger())
  .extend(
    'deafLines',
    ({ logger }) =>
      () =>
        logger.lines.filter(({ event }) => event === deaf).length,
  )
  /** A database that counts the answers to what was asked, and holds them back for as long as it is told to. */
  .extend('counted', ({ database }) => (hold: Promise<unknown> = Promise.resolve()) => {
    const answers = { count: 0 };
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        await hold;
        answers.count += 1;
        return result;
      },
    };
    /** Until so many have come, and whoever asked has done with them. */
    const come = async (count: number): Promise<void> => {
      await until(() => answers.count === count);
      await delay(0);
    };
    return { db: database.db.withPlugin(plugin), come };
  });

test('who listens where nothing is told any more, goes to where it is told', async ({
  postgres,
  database,
  logger,
  deafLines,
  counted,
}) => {
  const elsewhere = openDatabase(
    readAddress(postgres.url.replace('/postgres?', '/template1?')),
    silentLogger,
  );
  const opened: pg.Client[] = [];
  const openClient = async (): Promise<pg.Client> => {
    const client = await (opened.length === 0 ? elsewhere : database).openClient();
    opened.push(client);
    return client;
  };
  const { db, come } = counted();
  const hub = await createChangeHub({ db, openClient }, logger);
  try {
    const told: (string | null)[] = [];
    hub.onStore((storeId) => told.push(storeId));
    // It tells itself something and does not hear it: at the next beat it looks for another server.
    await vi.advanceTimersToNextTimerAsync();
    await come(1);
    expect(deafLines()).toBe(0);
    await vi.advanceTimersToNextTimerAsync();
    expect(deafLines()).toBe(1);
    await until(() => told.length > 0);
    expect(told).toEqual([null]);
    expect(opened).toHaveLength(2);
    // What it hears there it stays with.
    for (let beat = 2; beat < 4; beat += 1) {
      const heard = Promise.withResolvers<unknown>();
      opened[1]?.once('notification', heard.resolve);
      await vi.advanceTimersToNextTimerAsync();
      await Promise.all([come(beat), heard.promise]);
    }
    expect(deafLines()).toBe(1);
  } finally {
    await hub.dispose();
    await elsewhere.dispose();
  }
});

test('what was told just before the next beat is waited for: who hears well is not taken for deaf', async ({
  database,
  logger,
  deafLines,
  counted,
}) => {
  const held: (() => void)[] = [];
  const openClient = async (): Promise<pg.Client> => {
    const client = await database.openClient();
    const emit = client.emit.bind(client) as (...all: unknown[]) => boolean;
    const heldBack = (name: string, ...all: unknown[]): boolean =>
      name === 'notification' ? held.push(() => emit(name, ...all)) > 0 : emit(name, ...all);
    return Object.assign(client, { emit: heldBack });
  };
  const told = Promise.withResolvers<undefined>();
  const { db, come } = counted(told.promise);
  const hub = await createChangeHub({ db, openClient }, logger);
  try {
    await vi.advanceTimersByTimeAsync(29_990);
    await until(() => held.length === 1);
    told.resolve(undefined);
    await come(1);
    await vi.advanceTimersByTimeAsync(10);
    held[0]?.();
    await vi.advanceTimersByTimeAsync(15_000);
    await until(() => held.length === 2);
    expect(deafLines()).toBe(0);
  } finally {
    await hub.dispose();
  }
});
