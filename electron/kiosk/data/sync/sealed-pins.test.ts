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

it('each is opened as the verifiers of the person that it came with; one that does not open fits nothing, and is told', async () => {
  const rows = [
    row('a', { sealedPin: 'of a' }),
    row('b', { sealedPin: 'of a' }),
    { staffId: 'c', version: 3, deleted: true },
  ];
  const unopened: string[] = [];
  const told = await openPins(rows, open, (staffId) => unopened.push(staffId));
  expect(unopened).toEqual(['b']);
  expect(told).toEqual([
    row('a', { pin, duressPin: pin }),
    row('b', { pin: expect.objectContaining({ hash: `${'A'.repeat(43)}=` }) as object }),
    { staffId: 'c', version: 3, deleted: true },
  ]);
});
