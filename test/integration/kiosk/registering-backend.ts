/** The backend in memory, with registration: knows one code, and seals a key to whoever registers. */
import { CompactEncrypt, importJWK } from 'jose';
import type { Fetch } from '#kiosk/platform/http.ts';
import { registerRequestSchema, type PublicJwk } from '#shared/http/contract.ts';
import { ids, lockRow, owner, serial, staffRow, storeRow, trustRow } from '#support/kiosk-rows.ts';
import { FakeBackend } from '../data/fake-backend.ts';

export const goodCode = 'ABCD-EFGH-JKLM-NPQR';
export const secrets = {
  privateKey: Buffer.from('canary: private key of the lock').toString('base64'),
  pin: '4711',
} as const;

export interface RegisteringBackend {
  readonly backend: FakeBackend;
  readonly fetch: Fetch;
  /** The code that it takes now. */
  code: string;
  readonly registrations: number;
}

export const createRegisteringBackend = async (now: () => number): Promise<RegisteringBackend> => {
  const backend = await FakeBackend.create();
  backend.now = now;
  let registrations = 0;

  const fillStore = async (sealingKey: PublicJwk): Promise<void> => {
    const content = { serialNumber: serial, keyCertificate: 'AAAA', privateKey: secrets.privateKey };
    const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify(content)))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(await importJWK({ ...sealingKey }, 'ECDH-ES'));
    backend.put('store', storeRow());
    backend.put('trust', trustRow(now()));
    backend.put('staff', staffRow(ids.ann, 'Ann', secrets.pin));
    backend.put('locks', lockRow());
    backend.put('keyCertificates', { serialNumber: serial, sealed });
  };

  const made = {
    backend,
    code: goodCode,
    get registrations() {
      return registrations;
    },
    fetch: (async (url, init) => {
      if (!url.endsWith('/v1/kiosks')) return backend.fetch(url, init);
      const fault = backend.fault('POST /v1/kiosks');
      if (fault === 'unreachable') throw new TypeError('fetch failed');
      const request = registerRequestSchema.parse(JSON.parse(init?.body ?? ''));
      if (request.code !== made.code) {
        return Response.json({ error: { code: 'sync.registration_refused', params: {} } }, { status: 403 });
      }
      registrations += 1;
      await fillStore(request.sealingKey);
      backend.kioskId = ids.kiosk.replace(/1$/, String(registrations));
      return Response.json({
        kioskId: backend.kioskId,
        storeId: ids.store,
        storeName: 'Harbour Street',
        backendKey: backend.publicKey,
        vendorRoot: 'AAAA',
        owner,
      });
    }) satisfies Fetch,
  };
  return made;
};
