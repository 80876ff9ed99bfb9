/** A chain's kiosks: as many as asked for, ten to a store, put straight into the database as registering leaves them. */
import { generateKeyPairSync, randomBytes, randomUUID, sign, type KeyObject } from 'node:crypto';
import pg from 'pg';
import { badgeKeyContext } from '#backend/badges/badge-key.ts';
import { createAtRest } from '#backend/keys/at-rest.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { tokenAudience } from '#shared/http/contract.ts';
import { createJournal, type Journal } from '../journal.ts';

export interface FleetKiosk {
  readonly kioskId: string;
  readonly storeId: string;
  /** Of its store: all its kiosks come from there. */
  readonly from: string;
  readonly signing: KeyObject;
  /** It goes on after the event that was delivered before the outage. */
  readonly journal: Journal;
  readonly delivered: AccessEvent;
}

export const kiosksPerStore = 10;

const storeAddress = (store: number): string => {
  const n = store + 1;
  return `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
};

const publicJwk = (key: KeyObject): string => {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  return JSON.stringify({ kty, crv, x, y });
};

const policy = { offlineLeaseHours: 168, idleSignOutSeconds: 120, holdOpenSeconds: 5 };

export interface Chain {
  readonly databaseUrl: string;
  readonly tenantId: string;
  readonly sealingSecret: string;
}

/** Where every store of a fleet stands once it is made. */
export const firstPoint = `1.${'ab'.repeat(12)}`;
const nextTag = 'cd'.repeat(12);

const makeStores = async (
  client: pg.Client,
  { tenantId, sealingSecret }: Chain,
  stores: readonly string[],
): Promise<void> => {
  const atRest = createAtRest(sealingSecret);
  const badgeKeys = stores.map((store) => atRest.encrypt(randomBytes(32), badgeKeyContext(tenantId, store)));
  await client.query(
    `INSERT INTO stores (tenant_id, store_id, name, policy, badge_key, sequence, version)
     SELECT $1, store, 'A store', $4, badge_key, 1, 1
     FROM unnest($2::uuid[], $3::bytea[]) AS made (store, badge_key)`,
    [tenantId, stores, badgeKeys, policy],
  );
  await client.query(
    `INSERT INTO store_history (tenant_id, store_id, version, tag)
     SELECT $1, store, 1, $3 FROM unnest($2::uuid[]) AS store`,
    [tenantId, stores, firstPoint.slice(2)],
  );
};

/** Changes the document of the first stores, as an operator does during an outage. */
const changeStores = async (
  client: pg.Client,
  tenantId: string,
  stores: readonly string[],
): Promise<void> => {
  await client.query(
    `WITH changed AS (
       UPDATE stores SET name = 'Another name', sequence = 2, version = 2
       WHERE tenant_id = $1 AND store_id = ANY($2::uuid[]) RETURNING store_id)
     INSERT INTO store_history (tenant_id, store_id, version, tag) SELECT $1, store_id, 2, $3 FROM changed`,
    [tenantId, stores, nextTag],
  );
};

const deliver = async (client: pg.Client, tenantId: string, fleet: readonly FleetKiosk[]): Promise<void> => {
  const column = <T>(pick: (kiosk: FleetKiosk) => T): T[] => fleet.map(pick);
  await client.query(
    `WITH made AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::jsonb[]) AS made (store, kiosk, body)), head AS (
       INSERT INTO journal_heads (tenant_id, store_id, kiosk_id, sequence, hash, reached, events)
       SELECT $1, store, kiosk, 1, body->>'hash', 1, 1 FROM made)
     INSERT INTO access_events
       (tenant_id, store_id, kiosk_id, received_at, event_id, sequence, at, hash, verdict, body)
     SELECT $1, store, kiosk, $5, (body->>'eventId')::uuid, 1, (body->>'at')::bigint, body->>'hash', 'chained', body
     FROM made`,
    [
      tenantId,
      column(({ storeId }) => storeId),
      column(({ kioskId }) => kioskId),
      column(({ delivered }) => JSON.stringify(delivered)),
      Date.now(),
    ],
  );
};

/** `changedShare` of the stores have changed since their kiosks last heard of them. */
export const makeFleet = async (
  chain: Chain,
  { kiosks, changedShare }: { readonly kiosks: number; readonly changedShare: number },
): Promise<readonly FleetKiosk[]> => {
  const { databaseUrl, tenantId } = chain;
  const stores = Array.from({ length: Math.ceil(kiosks / kiosksPerStore) }, () => randomUUID());
  // All seal with one key: what it costs to seal does not depend on whose it is.
  const sealing = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
  const fleet: FleetKiosk[] = [];
  const publicKeys: string[] = [];
  for (let n = 0; n < kiosks; n += 1) {
    const store = Math.floor(n / kiosksPerStore);
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    publicKeys.push(publicJwk(publicKey));
    const storeId = stores[store] ?? '';
    const kioskId = randomUUID();
    const journal = createJournal(kioskId);
    const [delivered] = journal.next(1);
    if (!delivered) throw new Error('a journal without an event');
    fleet.push({ kioskId, storeId, from: storeAddress(store), signing: privateKey, journal, delivered });
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await makeStores(client, chain, stores);
    await changeStores(client, tenantId, stores.slice(0, Math.round(stores.length * changedShare)));
    await client.query(
      `INSERT INTO kiosks (tenant_id, store_id, kiosk_id, name, signing_key, sealing_key, registered_at, keys_registered_at)
       SELECT $1, store, kiosk, 'Counter', key::jsonb, $5::jsonb, $6, $6
       FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS made (store, kiosk, key)`,
      [
        tenantId,
        fleet.map(({ storeId }) => storeId),
        fleet.map(({ kioskId }) => kioskId),
        publicKeys,
        sealing,
        Date.now(),
      ],
    );
    await deliver(client, tenantId, fleet);
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
  return fleet;
};

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const lifetimeSeconds = 270;

/** A client assertion, as the kiosk signs it, in the body of its request. */
export const tokenRequest = ({ kioskId, signing }: FleetKiosk): string => {
  const exp = Math.floor(Date.now() / 1000) + lifetimeSeconds;
  const claims = { jti: randomUUID(), iss: kioskId, sub: kioskId, aud: tokenAudience, exp };
  const signed = `${part({ alg: 'ES256' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: signing, dsaEncoding: 'ieee-p1363' });
  return JSON.stringify({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${signed}.${signature.toString('base64url')}`,
  });
};
