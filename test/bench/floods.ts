/**
 * The process that floods a backend for `neighbour`, so that what it costs to make a flood is not in the figures of whoever
 * measures beside it. Its parent says what to do, and ends it.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { createJournal } from './journal.ts';

const orderSchema = z.object({
  flood: z.enum(['pulls', 'unread', 'transaction', 'events']),
  url: z.url(),
  databaseUrl: z.string(),
  tenantId: z.string(),
  storeId: z.string(),
  /** All of that store, each with a lock that it would enrol. */
  kiosks: z.array(z.object({ kioskId: z.string(), token: z.string(), capture: z.unknown() })).min(1),
});
type Order = z.infer<typeof orderSchema>;
export type FloodName = Order['flood'];

/**
 * After which each asks again. So many come at once that the lines are always full, and not more in a minute than a kiosk may
 * ask: beyond that it would be refused before it costs anything.
 */
const againMs: Record<FloodName, number> = { pulls: 2_500, unread: 5_000, transaction: 20, events: 20 };
const pullsAtOnce = 200;
const unreadAtOnce = 480;
const eventPushesAtOnce = 24;
const eventsPerPush = 500;

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const first = ({ kiosks }: Order): { kioskId: string; token: string } => {
  const [kiosk] = kiosks;
  if (!kiosk) throw new Error('a flood needs a kiosk');
  return kiosk;
};

/** Until the process is ended. */
const forEver = async (restMs: number, work: () => Promise<unknown>): Promise<never> => {
  for (;;) {
    await work().catch(() => undefined);
    await pause(restMs);
  }
};
const inParallel = (
  { flood }: Order,
  count: number,
  work: (n: number) => Promise<unknown>,
): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, (_, n) => forEver(againMs[flood], () => work(n))));

const pushOf = (order: Order, token: string, collection: string, rows: readonly unknown[]) =>
  fetch(`${order.url}/v1/sync/${collection}`, {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'application/json' },
    body: JSON.stringify({ rows }),
  }).then((answer) => answer.arrayBuffer());

const pulls = (order: Order): Promise<unknown> =>
  inParallel(order, pullsAtOnce, async () => {
    const path = '/v1/sync/keyCertificates?after=0&limit=1000';
    await (await fetch(order.url + path, { headers: bearer(first(order).token) })).arrayBuffer();
  });

const unread = (order: Order): Promise<unknown> => {
  const { hostname, port } = new URL(order.url);
  return inParallel(order, unreadAtOnce, async () => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.pause();
    socket.write(
      `GET /v1/sync/enrolments?after=0&limit=1000 HTTP/1.1\r\nHost: backend\r\nAuthorization: Bearer ${first(order).token}\r\n\r\n`,
    );
    await once(socket, 'close');
  });
};

/** Holds the store's counter, as an instance does that was stopped in a transaction, while all its kiosks push. */
const transaction = async (order: Order): Promise<unknown> => {
  const client = new pg.Client({ connectionString: order.databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM stores WHERE tenant_id = $1 AND store_id = $2 FOR UPDATE', [
    order.tenantId,
    order.storeId,
  ]);
  return inParallel(order, order.kiosks.length, (n) => {
    const kiosk = order.kiosks[n];
    return pushOf(order, kiosk?.token ?? '', 'enrolments', [kiosk?.capture]);
  });
};

const events = (order: Order): Promise<unknown> => {
  const { kioskId, token } = first(order);
  const journal = createJournal(kioskId);
  return inParallel(order, eventPushesAtOnce, () =>
    pushOf(order, token, 'accessEvents', journal.next(eventsPerPush)),
  );
};

const floods: Record<FloodName, (order: Order) => Promise<unknown>> = { pulls, unread, transaction, events };

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.on('message', (message) => {
  const order = orderSchema.parse(message);
  void floods[order.flood](order).catch(() => process.exit(1));
});
process.send?.({ type: 'ready' });
