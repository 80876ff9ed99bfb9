/**
 * A backend in memory that follows the HTTP contract, with the faults of real ones: answers lost after the work was done,
 * hanging requests, 5xx, rubbish, lapsed tokens, streams that fall silent.
 */
import { createHash } from 'node:crypto';
import { compactDecrypt, CompactSign, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { Fetch, FetchInit } from '#kiosk/platform/http.ts';
import {
  publicJwkSchema,
  pushAnswerSchema,
  pullQuerySchema,
  pushRequestSchema,
  type PublicJwk,
} from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import {
  lastWordsReceiptType,
  lastWordsRequestSchema,
  revocationRequestSchema,
  revocationType,
} from '#shared/http/revocation.ts';
import { modelsRevision, type CollectionName } from '#shared/models/documents.ts';
import { uuid } from '#support/documents.ts';
import type { ModelsOfRelease } from '#support/models-of-release.ts';

export type Fault =
  | 'lost-answer'
  | 'short-answer'
  | 'hang'
  | 'unreachable'
  | 'unavailable'
  | 'later'
  | 'rubbish'
  | 'unauthorised'
  | 'refused'
  /** Somebody on the way says so. */
  | 'says-revoked'
  /** And so it is. */
  | 'revoked';

/** The fault for the first request that matches, nothing afterwards. */
export const once = (pattern: RegExp, fault: Fault): ((request: string) => Fault | null) => {
  let isDone = false;
  return (request) => {
    if (isDone || !pattern.test(request)) return null;
    isDone = true;
    return fault;
  };
};

export interface Row {
  readonly id: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly document: Readonly<Record<string, unknown>>;
}

type SigningKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
type Document = Readonly<Record<string, unknown>>;

const primaryKeys: Readonly<Record<CollectionName, string>> = {
  store: 'storeId',
  locks: 'serialNumber',
  keyCertificates: 'serialNumber',
  trust: 'trustId',
  staff: 'staffId',
  enrolments: 'enrolmentId',
  accessEvents: 'eventId',
};

export class FakeBackend {
  readonly rows = new Map<CollectionName, Map<string, Row>>();
  /** Every request, as "GET /v1/…" without its query. */
  readonly requests: string[] = [];
  /** Decides a request's fault; null lets it through. */
  fault: (request: string) => Fault | null = () => null;
  /** How many bytes a gateway before it takes at once; more is answered 413, in its own words. */
  gatewayBytes = Number.POSITIVE_INFINITY;
  /** Rows that it calls invalid. */
  isInvalid: (document: Document) => boolean = () => false;
  /** What it changes in a row on its way in, like a real one that goes on with an enrolment. */
  onStored: (document: Document) => Document = (document) => document;
  /** Of which earlier release it is: it knows no claims, turns away each row that is not of its models, and says nothing of these. */
  earlier: ModelsOfRelease | null = null;
  /** What a later release says beyond this one's contract, in the body of each answer. */
  ofRelease: (body: unknown) => unknown = (body) => body;
  /** When the answer to a request arrives, counted from when it was made; at once unless said otherwise. */
  arrival: (request: string) => Promise<void> = () => Promise.resolve();
  now: () => number = () => 0;
  /** Who it would revoke. */
  kioskId = uuid(1);
  /** What revoked kiosks have handed in, opened. */
  readonly lastWords: unknown[] = [];
  /** Requests whose answer is in the making; those that hang are not. */
  answering = 0;
  readonly streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly publicKey: PublicJwk;
  readonly #privateKey: SigningKey;
  #version = 0;
  #tokens = 0;
  #oldestValidToken = 0;

  static async create(): Promise<FakeBackend> {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    return new FakeBackend(publicJwkSchema.parse(await exportJWK(publicKey)), privateKey);
  }

  private constructor(publicKey: PublicJwk, privateKey: SigningKey) {
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
  }

  /** Stores a row under the next version; a document that lacks its key counts as one of its own. */
  put(collection: CollectionName, document: Document, deleted = false): Row {
    this.#version += 1;
    const version = this.#version;
    const key = document[primaryKeys[collection]];
    const id = typeof key === 'string' ? key : `row ${version}`;
    const row = { id, version, deleted, document: { ...document, version } };
    this.table(collection).set(id, row);
    return row;
  }

  table(collection: CollectionName): Map<string, Row> {
    const table = this.rows.get(collection) ?? new Map<string, Row>();
    this.rows.set(collection, table);
    return table;
  }

  /** Keeps a copy of everything; what it returns puts that back, as restoring a backup does. */
  backUp(): () => void {
    const version = this.#version;
    const rows = [...this.rows].map(([name, table]) => [name, new Map(table)] as const);
    return () => {
      this.#version = version;
      this.rows.clear();
      for (const [name, table] of rows) this.rows.set(name, new Map(table));
    };
  }

  lapseTokens(): void {
    this.#oldestValidToken = this.#tokens + 1;
  }

  /** Tells every open stream that something has changed. */
  announce(text = 'event: resync\ndata: {}\n\n'): void {
    for (const stream of this.streams) stream.enqueue(new TextEncoder().encode(text));
  }

  dropStreams(): void {
    for (const stream of this.streams) stream.error(new Error('connection reset'));
    this.streams.clear();
  }

  readonly fetch: Fetch = async (url, init = {}) => {
    const { pathname, searchParams } = new URL(url);
    const request = `${init.method ?? 'GET'} ${pathname}`;
    this.requests.push(request);
    const fault = this.fault(request);
    if ((init.body?.length ?? 0) > this.gatewayBytes)
      return new Response('<html>too large</html>', { status: 413 });
    if (fault === 'hang') return hang(init.signal);
    if (fault === 'unreachable') throw new TypeError('fetch failed');
    if (fault === 'unavailable') return failure(503, 'sync.unreachable');
    if (fault === 'later') return failure(429, 'sync.unreachable');
    if (fault === 'rubbish') return new Response('<html>please sign in</html>');
    if (fault === 'unauthorised') return failure(401, 'sync.refused');
    if (fault === 'refused') return failure(403, 'sync.refused');
    if (fault === 'revoked' && request.endsWith(routes.revocation.path)) return this.#revoke(init);
    if (fault === 'revoked' && !request.endsWith(routes.lastWords.path)) return failure(403, 'sync.revoked');
    if (fault === 'says-revoked') return failure(403, 'sync.revoked');
    if (request.endsWith(routes.lastWords.path)) return this.#takeLastWords(init);
    this.answering += 1;
    const answer = await this.#answer(request, pathname, searchParams, init)
      .finally(() => this.arrival(request))
      .finally(() => {
        this.answering -= 1;
      });
    if (fault === 'lost-answer') throw new TypeError('connection reset');
    if (fault === 'short-answer') {
      return json({ results: pushAnswerSchema.parse(await answer.json()).results.slice(0, -1) });
    }
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
    return isJson ? Response.json(this.ofRelease(await answer.json()), { status: answer.status }) : answer;
  };

  async #answer(request: string, path: string, query: URLSearchParams, init: FetchInit): Promise<Response> {
    if (request === 'GET /v1/time') return json({ time: await this.#signTime(query.get('nonce') ?? '') });
    if (request === 'POST /v1/token') {
      this.#tokens += 1;
      return json({ access_token: String(this.#tokens), token_type: 'Bearer', expires_in: 300 });
    }
    const token = Number(init.headers?.['authorization']?.replace('Bearer ', ''));
    if (!(token >= this.#oldestValidToken)) return failure(401, 'sync.refused');
    if (request === 'POST /v1/time-tokens') return json({ token: 'dG9rZW4=' });
    if (request === 'GET /v1/sync/stream') return this.#stream(init.signal);
    const collection = collectionOf(path);
    const body = init.method === 'POST' ? (JSON.parse(init.body ?? '') as object) : null;
    const isKnown = (field: string): boolean => (body ? field === 'rows' : /^(after|limit)$/.test(field));
    const isUnderstood = (body ? Object.keys(body) : [...query.keys()]).every(isKnown);
    if (this.earlier && !isUnderstood) return failure(400, 'internal.unexpected');
    return body ? this.#push(collection, body) : this.#pull(collection, query);
  }

  #pull(collection: CollectionName, query: URLSearchParams): Response {
    const { after, limit } = pullQuerySchema.parse(Object.fromEntries(query));
    const newer = [...this.table(collection).values()]
      .filter(({ version }) => version > after)
      .sort((a, b) => a.version - b.version);
    const page = newer.slice(0, limit);
    return json({
      documents: page.map(({ document, deleted }) => ({ ...document, deleted })),
      checkpoint: page.at(-1)?.version ?? Math.min(after, this.#version),
      remaining: newer.length - page.length,
    });
  }

  #push(collection: CollectionName, body: unknown): Response {
    const { rows } = pushRequestSchema.parse(body);
    const results = rows.map((document) => this.#judge(collection, document));
    return json(this.earlier ? { results } : { results, modelsRevision });
  }

  #judge(collection: CollectionName, document: Document): unknown {
    const isOfLater = this.earlier !== null && this.earlier.faults(collection, document).length > 0;
    if (this.isInvalid(document) || isOfLater) {
      return { status: 'invalid', error: { code: 'internal.unexpected', params: {} } };
    }
    const held = this.table(collection).get(String(document[primaryKeys[collection]]));
    if (held && collection === 'enrolments' && held.document['operationId'] !== document['operationId']) {
      if (held.version !== document['version']) return { status: 'conflict', master: held.document };
    } else if (held) return { status: 'accepted', master: held.document };
    return { status: 'accepted', master: this.put(collection, this.onStored(document)).document };
  }

  #stream(signal: AbortSignal | undefined): Response {
    const { streams } = this;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        streams.add(controller);
        signal?.addEventListener('abort', () => streams.delete(controller));
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  #signTime(nonce: string): Promise<string> {
    return this.sign({ now: this.now(), nonce });
  }

  /** As it signs whatever it says; without a type, as earlier releases do with the time. */
  sign(content: unknown, typ?: string): Promise<string> {
    return new CompactSign(new TextEncoder().encode(JSON.stringify(content)))
      .setProtectedHeader({ alg: 'ES256', ...(typ === undefined ? {} : { typ }) })
      .sign(this.#privateKey);
  }

  async #revoke(init: FetchInit): Promise<Response> {
    const { nonce } = revocationRequestSchema.parse(JSON.parse(init.body ?? ''));
    const { kioskId, publicKey: sealingKey } = this;
    const word = {
      purpose: 'revocation',
      kioskId,
      nonce,
      revokedAt: this.now(),
      reason: 'replaced',
      sealingKey,
    };
    return json({ revocation: await this.sign(word, revocationType) });
  }

  /** It seals to the key that it signs with: one is enough here. */
  async #takeLastWords(init: FetchInit): Promise<Response> {
    const { sealed } = lastWordsRequestSchema.parse(JSON.parse(init.body ?? ''));
    const opening = await importJWK({ ...(await exportJWK(this.#privateKey)) }, 'ECDH-ES');
    const { plaintext } = await compactDecrypt(sealed, opening);
    const [, payload = ''] = new TextDecoder().decode(plaintext).split('.');
    this.lastWords.push(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    const digest = createHash('sha256').update(sealed).digest('hex');
    return json({ receipt: await this.sign({ purpose: 'last words taken', digest }, lastWordsReceiptType) });
  }
}

const collectionOf = (path: string): CollectionName => {
  const name = path.split('/').at(-1) ?? '';
  if (name in primaryKeys) return name as CollectionName;
  throw new Error(`no collection ${name}`);
};

const json = (body: unknown): Response => Response.json(body);

const failure = (status: number, code: string): Response =>
  Response.json({ error: { code, params: {} } }, { status });

const hang = (signal: AbortSignal | undefined): Promise<Response> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')));
  });
