/** What the sandbox does when a lock is given back. */
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { rootKeyOf } from '#kiosk/link/kiosk/device-certificate.ts';
import { sealEnrolmentCode } from '#kiosk/link/lock/enrolment-code.ts';
import { isReleaseToken } from '#kiosk/link/lock/release-token.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { openVendor, type LockIdentity, type Vendor } from '../live-lock/open-vendor.ts';
import { createLiveLockApi, type LiveLockApi } from './live-lock-api.ts';
import { openRegistry, type Registry } from './registry.ts';

const apiKey = 'live.sandbox.0123456789';
const serialNumber = '0000051a00000005';

let dir: string;
let vendor: Vendor;
let registry: Registry;
let api: LiveLockApi;
let base: string;
let lock: LockIdentity;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'live-lock-api-'));
  vendor = await openVendor(dir);
  await vendor.addCustomer('acme');
  lock = await vendor.manufactureLock(serialNumber, 'CAM');
  registry = openRegistry(':memory:');
  api = createLiveLockApi({ vendor, registry, clock: new ManualClock(), apiKey, controlToken: null });
  base = `http://127.0.0.1:${await api.listen(0)}`;
});
afterEach(async () => {
  await api.dispose();
  registry.dispose();
  await rm(dir, { recursive: true, force: true });
});

const post = async (path: string, body: object = {}) => {
  const response = await fetch(base + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
};
/** `secret`: a lock draws another one when it is released. */
const register = (secret: number) => {
  const key = createPublicKey({ key: Buffer.from(lock.enrolmentKey), format: 'der', type: 'spki' });
  const code = sealEnrolmentCode({ serialNumber, secret: new Uint8Array(32).fill(secret) }, key);
  return post('/v1/dlock', {
    serial_no: serialNumber,
    type: 'CAM',
    certificate: 'acme',
    enrolment_code: Buffer.from(code).toString('base64'),
    base64: true,
  });
};
const release = () => post(`/v1/dlock/${serialNumber}/release`);

it('signs a token for the lock and the key that is registered', async () => {
  const { body } = await register(1);
  const { publicKey } = readCertificate(Buffer.from(z.string().parse(body['key_certificate']), 'base64'));
  const answer = await release();
  expect(answer).toMatchObject({ status: 200, body: { serial_no: serialNumber } });
  const token = Buffer.from(z.string().parse(answer.body['token']), 'base64');
  const roots = [rootKeyOf(vendor.root)];
  expect(isReleaseToken(token, { serialNumber, keyPublic: publicKey, roots })).toBe(true);
  expect(isReleaseToken(token, { serialNumber: 'ffff', keyPublic: publicKey, roots })).toBe(false);
});

it('registers a serial number once more after that, and only with another key', async () => {
  const first = await register(1);
  expect((await register(2)).status).toBe(409);
  await release();
  await release();
  expect((await register(1)).status).toBe(409);
  const second = await register(2);
  expect(second.status).toBe(200);
  expect(second.body['private_key']).not.toBe(first.body['private_key']);
  expect((await register(3)).status).toBe(409);
});

it('knows no lock that was never registered', async () => {
  expect(await release()).toMatchObject({ status: 404, body: { error: { code: 'unknown_serial' } } });
});
