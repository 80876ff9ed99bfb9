/** Tells this instance's listeners what any instance changed (LISTEN / NOTIFY). */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import { codeOf, describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Database } from './database.ts';
import { dropClient, readOnlyCode, requireWritable } from './servers.ts';
import { changeChannel } from './store-write.ts';

/** Work for the registration worker, and the revocation of a kiosk, on channels of their own. */
export const outboxChannel = 'latchpoint_outbox';
export const revokedChannel = 'latchpoint_revoked';

export interface ChangeHub {
  /** `storeId` null: anything may have changed, as after a lost connection. The returned function unsubscribes. */
  onStore(listener: (storeId: string | null) => void): () => void;
  onOutbox(listener: () => void): () => void;
  onRevoked(listener: (kioskId: string | null) => void): () => void;
  dispose(): Promise<void>;
}

const retryMs = 1_000;
/**
 * Who only listens does not learn that the connection is dead, nor that everybody else has gone to another server: it tells itself
 * something where all is told, and has to hear it until the next time.
 */
const heartbeatMs = 15_000;
/** What was told has this long to be heard: one that was slow to be told, just before the next time, makes nobody deaf. */
const heardWithinMs = 5_000;
/** What one tells itself, to know that what is told is heard. */
export const hearingChannel = 'latchpoint_hearing';

export const createChangeHub = async (
  { db, openClient }: Pick<Database, 'db' | 'openClient'>,
  logger: Logger,
): Promise<ChangeHub> => {
  const stores = new Set<(storeId: string | null) => void>();
  const outbox = new Set<() => void>();
  const revoked = new Set<(kioskId: string | null) => void>();
  let client: pg.Client | null = null;
  /** What was told and not heard yet. */
  let awaited: { readonly word: string; readonly by: pg.Client; readonly toldAt: number | null } | null =
    null;
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;

  const connect = async (): Promise<void> => {
    const next = await openClient();
    next.on('error', (error) => lost(next, error));
    next.on('end', () => lost(next, null));
    next.on('notification', ({ channel, payload }) => {
      if (channel === changeChannel) for (const tell of stores) tell(payload ?? null);
      if (channel === outboxChannel) for (const tell of outbox) tell();
      if (channel === revokedChannel) for (const tell of revoked) tell(payload ?? null);
      if (channel === hearingChannel && payload === awaited?.word) awaited = null;
    });
    try {
      for (const channel of [changeChannel, outboxChannel, revokedChannel, hearingChannel])
        await next.query(`LISTEN ${channel}`);
    } catch (failure) {
      dropClient(next);
      throw failure;
    }
    if (disposed) await next.end();
    else client = next;
  };

  const lost = (which: pg.Client, error: Error | null): void => {
    if (disposed || client !== which) return;
    client = null;
    logger.warn('change notifications lost', error ? describeThrown(error) : {});
    reconnect();
  };

  const reconnect = (): void => {
    timer = setTimeout(() => {
      void connect().then(
        () => {
          // What was told while nobody listened is lost: everyone looks again.
          for (const tell of stores) tell(null);
          for (const tell of outbox) tell();
          for (const tell of revoked) tell(null);
        },
        (failure: unknown) => {
          logger.warn('change notifications unreachable', describeThrown(failure));
          if (!disposed) reconnect();
        },
      );
    }, retryMs);
  };

  const subscribe = <T>(set: Set<T>, listener: T): (() => void) => {
    set.add(listener);
    return () => set.delete(listener);
  };

  await connect();
  /** The connection that owes an answer. One that never comes is not asked again: what is sent counts as a sign of life, too. */
  let asked: pg.Client | null = null;
  const askForLife = (present: pg.Client): void => {
    if (asked === present) return;
    asked = present;
    requireWritable(present).then(
      () => (asked = null),
      (failure: unknown) => {
        // On a server that was put aside nothing is ever told again. Any other end tells `lost` by itself.
        if (codeOf(failure) === readOnlyCode) dropClient(present);
      },
    );
  };
  const tellItself = async (present: pg.Client): Promise<void> => {
    const word = { word: randomUUID(), by: present, toldAt: null as number | null };
    awaited = word;
    try {
      await sql`SELECT pg_notify(${hearingChannel}, ${word.word})`.execute(db);
      word.toldAt = performance.now();
    } catch {
      // Where nothing can be told, nobody misses anything.
      if (awaited === word) awaited = null;
    }
  };
  const heartbeat = setInterval(() => {
    const present = client;
    if (!present) return;
    const waited = awaited?.by === present ? awaited : null;
    if (waited?.toldAt != null && performance.now() - waited.toldAt >= heardWithinMs) {
      logger.warn('changes are told on another server than the one that is listened to');
      dropClient(present);
      return;
    }
    askForLife(present);
    // One that is on its way is waited for, and no other is told beside it.
    if (waited) return;
    void tellItself(present);
  }, heartbeatMs);
  return {
    onStore: (listener) => subscribe(stores, listener),
    onOutbox: (listener) => subscribe(outbox, listener),
    onRevoked: (listener) => subscribe(revoked, listener),
    dispose: async () => {
      disposed = true;
      clearTimeout(timer);
      clearInterval(heartbeat);
      await client?.end();
    },
  };
};
