/** The vendor's API as a written double behind the backend's `fetch`: it remembers, and does to answers what it is told. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Customer } from '#simulators/live-lock/customer.ts';
import { openVendor } from '#simulators/live-lock/open-vendor.ts';

export type Step = 'commit' | 'lose' | 'down' | 'refuse' | 'unauthorised';

export interface ScriptedVendor {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** What the next registration calls do, in turn; after that they commit. */
  readonly script: Step[];
  /** Serial numbers in the order in which they were committed. */
  readonly committed: string[];
  /** Every registration call, committed or not. */
  readonly calls: string[];
  /** How many registration calls for one serial number were under way at the same time, at most. */
  mostAtOnce(): number;
  /** What it answers when asked for revocations; null: nothing was ever revoked; `down`: 503. */
  revocations: VendorRevocations | 'down' | null;
  /** Whether its time authority can be reached. */
  tellsTime: boolean;
  /** What it does when it is asked to release a lock. */
  release: 'sign' | 'down' | 'refuse';
  /** Whether the call that reads a registration again exists. */
  canRecover: boolean;
  /** Holds registration calls (after their commit) until it resolves. */
  hold: Promise<void> | null;
  setIntermediate(validity: { notBefore: number; notAfter: number; epoch: number }): Promise<void>;
  readonly root: string;
  /** What it has registered under this serial number. */
  registration(serialNumber: string): VendorRegistration | undefined;
  /** Issues the key of a registration anew, with this epoch. */
  reissue(serialNumber: string, keyEpoch: number): Promise<void>;
  /** What it says instead of a registration, to whoever registers or reads it again. */
  says: (registration: VendorRegistration) => unknown;
  /** What it says instead of its certificates. */
  delivers: (certificates: VendorDelivery) => unknown;
}

export interface VendorRegistration {
  readonly serial_no: string;
  readonly type: string;
  /** Both base64. */
  readonly key_certificate: string;
  readonly private_key: string;
}

export interface VendorRevocations {
  readonly version: number;
  /** Base64. */
  readonly list: string;
  readonly parts?: readonly { readonly version: number; readonly list: string }[];
}

export interface VendorDelivery {
  readonly owner: string;
  /** Both base64. */
  readonly certificate: string;
  readonly root: string;
}

const bodySchema = z.strictObject({
  serial_no: z.string(),
  type: z.string(),
  certificate: z.literal('owner'),
  enrolment_code: z.string(),
  base64: z.literal(true),
});

const base64 = (value: string | Uint8Array): string => Buffer.from(value).toString('base64');
const answer = (status: number, body: unknown): Response => Response.json(body, { status });
const failure = (status: number, code: string): Response => answer(status, { error: { code, message: '' } });

/** Making its keys takes long, so all doubles of a test file are the same vendor; what they have registered is their own. */
let authority: ReturnType<typeof makeAuthority> | undefined;

export const theAuthority = () => (authority ??= makeAuthority());

/** The key of a lock under a customer of the vendor; a lock's secret is made from its serial number. */
export const keyOf = async (
  customer: Customer,
  serialNumber: string,
  notBefore = Date.now(),
  keyEpoch = 1,
): Promise<Pick<VendorRegistration, 'key_certificate' | 'private_key'>> => {
  const secret = createHash('sha256').update(`canary secret of ${serialNumber}`).digest();
  const key = await customer.issueKey({ serialNumber, secret, notBefore, keyEpoch });
  return { key_certificate: base64(key.keyCertificate), private_key: base64(key.privateKey) };
};

/** A vendor with the customer whose backend is tested, and another one. */
export const makeAuthority = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchpoint-vendor-'));
  try {
    const vendor = await openVendor(folder);
    const [customer, other] = [await vendor.addCustomer('owner'), await vendor.addCustomer('other')];
    return { vendor, customer, other };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export const createScriptedVendor = async (): Promise<ScriptedVendor> => {
  const { vendor, customer } = await theAuthority();
  const registrations = new Map<string, VendorRegistration>();
  const released = new Set<string>();
  const atOnce = new Map<string, number>();
  let most = 0;
  let certificate = '';

  const register = async (body: unknown): Promise<Response> => {
    const { serial_no: serial, type } = bodySchema.parse(body);
    double.calls.push(serial);
    atOnce.set(serial, (atOnce.get(serial) ?? 0) + 1);
    most = Math.max(most, atOnce.get(serial) ?? 0);
    try {
      const step = double.script.shift() ?? 'commit';
      if (step === 'down') return failure(503, 'unavailable');
      if (step === 'unauthorised') return failure(401, 'unauthorised');
      // A code that was taken once is not malformed the next time.
      if (step === 'refuse' && !registrations.has(serial)) return failure(422, 'malformed_code');
      if (registrations.has(serial) && !released.delete(serial)) return failure(409, 'already_registered');
      const registration = { serial_no: serial, type, ...(await keyOf(customer, serial)) };
      registrations.set(serial, registration);
      double.committed.push(serial);
      await double.hold;
      if (step === 'lose') throw new TypeError('the connection was lost');
      return answer(200, double.says(registration));
    } finally {
      atOnce.set(serial, (atOnce.get(serial) ?? 1) - 1);
    }
  };

  const release = (serial: string): Response => {
    if (double.release === 'down') return failure(503, 'unavailable');
    if (double.release === 'refuse') return failure(404, 'unknown_serial');
    released.add(serial);
    return answer(200, { serial_no: serial, token: base64(`release of ${serial}`) });
  };

  const double: ScriptedVendor = {
    script: [],
    committed: [],
    calls: [],
    canRecover: true,
    tellsTime: true,
    revocations: null,
    release: 'sign',
    hold: null,
    root: base64(vendor.root),
    registration: (serialNumber) => registrations.get(serialNumber),
    reissue: async (serialNumber, keyEpoch) => {
      const registration = registrations.get(serialNumber);
      if (!registration) throw new Error('nothing is registered');
      const key = await keyOf(customer, serialNumber, Date.now(), keyEpoch);
      registrations.set(serialNumber, { ...registration, ...key });
    },
    says: (registration) => registration,
    delivers: (certificates) => certificates,
    mostAtOnce: () => most,
    fetch: async (url, init) => {
      const path = new URL(url).pathname;
      if (path === '/v1/certificates/owner') {
        return answer(200, double.delivers({ owner: 'owner', certificate, root: base64(vendor.root) }));
      }
      if (path === '/v1/revocations/owner') {
        const { revocations } = double;
        if (revocations === 'down') return failure(503, 'unavailable');
        return revocations
          ? answer(200, { owner: 'owner', ...revocations })
          : failure(404, 'nothing_revoked');
      }
      if (path === '/v1/time') {
        return double.tellsTime ? answer(200, { token: base64('a token') }) : failure(503, 'unavailable');
      }
      if (init.method === 'POST' && path === '/v1/dlock') {
        return register(JSON.parse(z.string().parse(init.body)));
      }
      const [, serialToRelease] = /^\/v1\/dlock\/([0-9a-f]{16})\/release$/.exec(path) ?? [];
      if (serialToRelease !== undefined) return release(serialToRelease);
      const found = registrations.get(path.split('/').at(-1) ?? '');
      return found && double.canRecover ? answer(200, double.says(found)) : failure(404, 'unknown_serial');
    },
    setIntermediate: async (validity) => {
      certificate = base64(await customer.issueIntermediate(validity));
    },
  };
  const now = Date.now();
  await double.setIntermediate({ notBefore: now - 86_400_000, notAfter: now + 13 * 86_400_000, epoch: 1 });
  return double;
};
