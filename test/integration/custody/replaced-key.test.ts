/** A key's replacement: revoked by the vendor, refused at the lock, issued anew, taken by an operator, and the kiosk opens again. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually } from './estate.ts';
import { estateTest } from './estate-test.ts';

const test = estateTest;

test('a revoked key is refused until the vendor has issued another and an operator has taken it', async ({
  estate,
}) => {
  const storeId = await estate.makeStore();
  const kiosk = await EstateKiosk.at(estate, storeId);
  const { serialNumber } = (await kiosk.enrol()).identity;
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks[0]?.obstacle === null));

  // The lock has heard of it: it judges the epoch of the Key Certificate that it is shown.
  const refusal = fail('lock.chain_refused', { serialNumber, reason: 'key_epoch_revoked' });
  kiosk.driver.onUnlock = () => {
    const { keyEpoch } = readCertificate(kiosk.driver.lent?.keyCertificate ?? new Uint8Array());
    return Promise.resolve((keyEpoch ?? 0) < 2 ? refusal : ok({ holdOpenSeconds: 5 }));
  };
  const { owner } = estate.registry.registration(serialNumber) ?? { owner: '' };
  await estate.vendorDoes('revoke', { owner, serialNumber, minEpoch: 2 });
  expect(await kiosk.call('unlock', { serialNumber })).toMatchObject({
    value: {
      kind: 'not_open',
      error: { code: 'lock.chain_refused', params: { reason: 'key_epoch_revoked' } },
    },
  });

  const key = `/stores/${storeId}/locks/${serialNumber}/key`;
  await expect(estate.admin('POST', key)).rejects.toThrow(/409.*not_newer/);
  await estate.vendorDoes('reissue', { serialNumber });
  await estate.admin('POST', key);
  await kiosk.call('syncNow', null);
  await eventually(async () =>
    expect(await kiosk.call('unlock', { serialNumber })).toMatchObject({ value: { kind: 'open' } }),
  );
}, 90_000);
