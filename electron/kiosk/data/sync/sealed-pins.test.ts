import { expect, it } from 'vitest';
import { openPins, type OpenPin } from './sealed-pins.ts';

const pin = { n: 2, r: 1, p: 1, salt: 'AAAA', hash: 'AAAA' };
const open: OpenPin = (staffId, sealed) =>
  Promise.resolve(sealed === `of ${staffId}` ? { pin, duressPin: pin } : null);
const row = (staffId: string, more: object) => ({
  staffId,
  name: 'Ann',
  version: 1,
  deleted: false,
  ...more,
});

it('each is opened as the verifiers of the person that it came with; one that does not open is no verifier', async () => {
  const rows = [
    row('a', { sealedPin: 'of a' }),
    row('b', { sealedPin: 'of a' }),
    { staffId: 'c', version: 3, deleted: true },
  ];
  expect(await openPins(rows, open)).toEqual([
    row('a', { pin, duressPin: pin }),
    row('b', {}),
    { staffId: 'c', version: 3, deleted: true },
  ]);
});
