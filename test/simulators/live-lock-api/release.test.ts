/** What the sandbox does when a lock is given back. */
import { expect } from 'vitest';
import { z } from 'zod';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { rootKeyOf } from '#kiosk/link/kiosk/device-certificate.ts';
import { isReleaseToken } from '#kiosk/link/lock/release-token.ts';
import { sandboxTest, serialNumber } from './sandbox-test.ts';

const answerSchema = z.object({ status: z.number(), body: z.record(z.string(), z.unknown()) });
const it = sandboxTest
  .extend(
    'register',
    ({ call, request }) =>
      async (secret: number) =>
        answerSchema.parse(await call('POST', '/v1/dlock', request({}, secret))),
  )
  .extend(
    'release',
    ({ call }) =>
      async () =>
        answerSchema.parse(await call('POST', `/v1/dlock/${serialNumber}/release`, {})),
  );

it('signs a token for the lock and the key that is registered', async ({ vendor, register, release }) => {
  const { body } = await register(1);
  const { publicKey } = readCertificate(Buffer.from(z.string().parse(body['key_certificate']), 'base64'));
  const answer = await release();
  expect(answer).toMatchObject({ status: 200, body: { serial_no: serialNumber } });
  const token = Buffer.from(z.string().parse(answer.body['token']), 'base64');
  const roots = [rootKeyOf(vendor.root)];
  expect(isReleaseToken(token, { serialNumber, keyPublic: publicKey, roots })).toBe(true);
  expect(isReleaseToken(token, { serialNumber: 'ffff', keyPublic: publicKey, roots })).toBe(false);
});

it('registers a serial number once more after that, and only with another key', async ({
  register,
  release,
}) => {
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

it('knows no lock that was never registered', async ({ release }) => {
  expect(await release()).toMatchObject({ status: 404, body: { error: { code: 'unknown_serial' } } });
});
