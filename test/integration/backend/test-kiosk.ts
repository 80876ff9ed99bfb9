/** A kiosk as the backend sees one: keys, tokens, pulls and pushes over HTTP. */
import { generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { compactDecrypt, SignJWT } from 'jose';
import {
  publicJwkSchema,
  pullAnswerSchema,
  pushAnswerSchema,
  registerAnswerSchema,
  tokenAnswerSchema,
  tokenAudience,
  type PublicJwk,
  type PullAnswer,
  type PushResult,
  type RegisterAnswer,
} from '#shared/http/contract.ts';
import { keyMaterialSchema, type CollectionName, type KeyMaterial } from '#shared/models/documents.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { fetchAsDescribed } from './held-to-contract.ts';

export interface KioskKeys {
  readonly signing: KeyObject;
  readonly sealing: KeyObject;
  readonly registration: { readonly signingKey: PublicJwk; readonly sealingKey: PublicJwk };
}

export const makeKeys = (): KioskKeys => {
  const [signing, sealing] = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ];
  const jwk = (key: KeyObject): PublicJwk => {
    const { kty, crv, x, y } = key.export({ format: 'jwk' });
    return publicJwkSchema.parse({ kty, crv, x, y });
  };
  return {
    signing: signing.privateKey,
    sealing: sealing.privateKey,
    registration: { signingKey: jwk(signing.publicKey), sealingKey: jwk(sealing.publicKey) },
  };
};

export const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetchAsDescribed(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

export const register = (url: string, code: string, keys: KioskKeys, name = 'Counter'): Promise<Response> =>
  post(`${url}/v1/kiosks`, { code, name, ...keys.registration });

export interface AssertionClaims {
  readonly kioskId: string;
  readonly jti?: string;
  readonly audience?: string;
  readonly lifetimeSeconds?: number;
  /** In ms; the machine's time unless given. */
  readonly now?: number;
}

export const assertion = (keys: KioskKeys, claims: AssertionClaims): Promise<string> =>
  new SignJWT({ jti: claims.jti ?? randomUUID() })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(claims.kioskId)
    .setSubject(claims.kioskId)
    .setAudience(claims.audience ?? tokenAudience)
    .setIssuedAt()
    .setExpirationTime(Math.floor((claims.now ?? Date.now()) / 1000) + (claims.lifetimeSeconds ?? 120))
    .sign(keys.signing);

export const requestToken = (url: string, clientAssertion: string): Promise<Response> =>
  post(`${url}/v1/token`, {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: clientAssertion,
  });

export interface KioskRequest extends RequestInit {
  readonly headers?: Record<string, string>;
}

export interface TestKiosk extends RegisterAnswer {
  readonly keys: KioskKeys;
  readonly token: string;
  /** The same kiosk, speaking to another instance. */
  at(url: string): TestKiosk;
  request(path: string, init?: KioskRequest): Promise<Response>;
  pull(collection: CollectionName, after?: number, limit?: number): Promise<PullAnswer>;
  /** Pages until the end. */
  pullAll(collection: CollectionName, limit?: number): Promise<PullAnswer['documents']>;
  push(collection: CollectionName, rows: readonly unknown[]): Promise<PushResult[]>;
  pushOne(row: unknown): Promise<PushResult>;
  capture(serialNumber: string): EnrolmentDocument;
  /** Opens a sealed Key Certificate. */
  open(sealed: unknown): Promise<KeyMaterial>;
}

type Ask = (url: string, init: KioskRequest) => Promise<Response>;

/** `now`: by which the backend's clock goes, in ms. `ask`: how it asks once it has its token; benches measure plain requests. */
export const registerKiosk = async (
  url: string,
  code: string,
  now = Date.now(),
  ask: Ask = fetch,
  name?: string,
): Promise<TestKiosk> => {
  const keys = makeKeys();
  const identity = registerAnswerSchema.parse(await (await register(url, code, keys, name)).json());
  const answer = await requestToken(url, await assertion(keys, { kioskId: identity.kioskId, now }));
  const { access_token: token } = tokenAnswerSchema.parse(await answer.json());
  return createTestKiosk({ url, identity, keys, token, ask });
};

const createTestKiosk = (self: {
  readonly url: string;
  readonly identity: RegisterAnswer;
  readonly keys: KioskKeys;
  readonly token: string;
  readonly ask: Ask;
}): TestKiosk => {
  const { url, identity, keys, token, ask } = self;
  const request = (path: string, init: KioskRequest = {}): Promise<Response> =>
    ask(url + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
  const pull = async (collection: CollectionName, after = 0, limit = 1000): Promise<PullAnswer> => {
    const response = await request(`/v1/sync/${collection}?after=${after}&limit=${limit}`);
    return pullAnswerSchema.parse(await response.json());
  };
  const push = async (collection: CollectionName, rows: readonly unknown[]): Promise<PushResult[]> => {
    const response = await request(`/v1/sync/${collection}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows }),
    });
    return pushAnswerSchema.parse(await response.json()).results;
  };
  return {
    ...identity,
    keys,
    token,
    at: (other) => createTestKiosk({ ...self, url: other }),
    request,
    pull,
    push,
    pullAll: async (collection, limit = 1000) => {
      const documents: PullAnswer['documents'] = [];
      for (let after = 0; ;) {
        const page = await pull(collection, after, limit);
        documents.push(...page.documents);
        if (page.remaining === 0) return documents;
        after = page.checkpoint;
      }
    },
    pushOne: async (row) => {
      const [result] = await push('enrolments', [row]);
      if (!result) throw new Error('no result for the row');
      return result;
    },
    capture: (serialNumber) => newCapture(identity.kioskId, serialNumber),
    open: async (sealed) => {
      const { plaintext } = await compactDecrypt(String(sealed), keys.sealing);
      return keyMaterialSchema.parse(JSON.parse(Buffer.from(plaintext).toString()));
    },
  };
};

export const someSerial = (): string => randomBytes(8).toString('hex');

/** As a kiosk of before 0.3 has it from a lock: without a proof. */
export const newCapture = (kioskId: string, serialNumber: string): EnrolmentDocument => ({
  enrolmentId: randomUUID(),
  serialNumber,
  state: 'captured',
  problem: null,
  type: 'CAM',
  name: 'Cabinet 1',
  group: '',
  enrolmentCode: randomBytes(256).toString('base64'),
  deviceCertificate: Buffer.from(`device ${serialNumber}`).toString('base64'),
  kioskId,
  staffId: randomUUID(),
  capturedAt: Date.now(),
  changedAt: Date.now(),
  operationId: randomUUID(),
  version: 0,
});
