/**
 * What a pooler on the way to the database changes (PgBouncer: "pool_mode = transaction"): sessions are not one's own, so nothing
 * that a session keeps is kept. LISTEN hears nothing, settings go to whoever comes next, and an advisory lock is let go by nobody.
 * Each of that is found out at the start, before anything is done that depends on it.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { readAddress, type DatabaseAddress } from './address.ts';
import { hearingChannel } from './change-hub.ts';
import { sessionLimits, type Database } from './database.ts';
import { dropClient } from './servers.ts';

const invalid = (path: string, problem: string, cause?: unknown): AppFailure =>
  new AppFailure('config.invalid', { source: 'environment', path, problem }, { cause });

/** As `readAddress`; what is wrong is said of `DATABASE_POOLER_URL`. */
export const readPoolerAddress = (
  url: string,
  defaults: Readonly<Record<string, string>> = {},
): DatabaseAddress => {
  try {
    const address = readAddress(url, defaults);
    if (address.options !== undefined) throw invalid('', 'takes no options: a pooler passes none on');
    return address;
  } catch (failure) {
    if (!(failure instanceof AppFailure)) throw failure;
    throw invalid('DATABASE_POOLER_URL', String(failure.error.params['problem'] ?? ''), failure);
  }
};

/** What a pooler's configuration has to say for its sessions to be as the backend's own. */
export const connectQuery = Object.entries(sessionLimits)
  .map(([name, ms]) => `SET ${name} = ${ms}`)
  .join('; ');

const settingsSchema = z.array(z.record(z.string(), z.string()));

/** The limits that this session has not got. */
const missingLimits = async (client: pg.Client): Promise<readonly string[]> => {
  const names = Object.keys(sessionLimits);
  const columns = names.map((name) => `current_setting('${name}') AS ${name}`);
  const [settings = {}] = settingsSchema.parse((await client.query(`SELECT ${columns.join(', ')}`)).rows);
  return names.filter((name) => (settings[name] ?? '0') === '0');
};

const hearWithinMs = 3_000;
/** A failover between the two sessions is no mistake in the configuration. */
const hearingTries = 3;

/** Whether what is told on `telling` is heard on `listening`. */
const isHeard = async (listening: pg.Client, telling: pg.Client, withinMs: number): Promise<boolean> => {
  const word = randomUUID();
  await listening.query(`LISTEN ${hearingChannel}`);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), withinMs);
  listening.on('notification', ({ payload }) => {
    if (payload === word) resolve(true);
  });
  try {
    await telling.query('SELECT pg_notify($1, $2)', [hearingChannel, word]);
    return await promise;
  } finally {
    clearTimeout(timer);
  }
};

const withClient = async <T>(
  open: () => Promise<pg.Client>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  const client = await open();
  try {
    return await work(client);
  } finally {
    dropClient(client);
  }
};

const isRefusedSetting = (failure: unknown): boolean =>
  failure instanceof Error && /unsupported startup parameter/.test(failure.message);

const needsServer =
  'leads to a connection pooler; name the server itself, and the pooler in DATABASE_POOLER_URL';

/**
 * Throws `config.invalid` where `DATABASE_URL` leads to a pooler that keeps no sessions, or `DATABASE_POOLER_URL` to one whose
 * sessions have no limits, or to another database.
 */
export const requireSoundSessions = async (
  database: Pick<Database, 'openClient' | 'openPooledClient'>,
  hasPooler: boolean,
  withinMs = hearWithinMs,
): Promise<void> => {
  const openDirect = async (): Promise<pg.Client> => {
    try {
      return await database.openClient();
    } catch (failure) {
      throw isRefusedSetting(failure) ? invalid('DATABASE_URL', needsServer, failure) : failure;
    }
  };
  if ((await withClient(openDirect, missingLimits)).length > 0) throw invalid('DATABASE_URL', needsServer);
  if (hasPooler && (await withClient(() => database.openPooledClient(), missingLimits)).length > 0) {
    throw invalid(
      'DATABASE_POOLER_URL',
      `gives its sessions no limits; its configuration needs connect_query='${connectQuery}'`,
    );
  }
  for (let tries = 1; tries <= hearingTries; tries += 1) {
    const heard = await withClient(openDirect, (listening) =>
      withClient(
        () => database.openPooledClient(),
        (telling) => isHeard(listening, telling, withinMs),
      ),
    );
    if (heard) return;
  }
  throw hasPooler
    ? invalid(
        'DATABASE_POOLER_URL',
        'leads to another database than DATABASE_URL, or that to a pooler as well',
      )
    : invalid('DATABASE_URL', needsServer);
};
