import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createRecords, type RecordProtection } from './records.ts';

/** Any exporter will do: 32 bytes of a hash of the label. */
const exporter = (label: number, length: number): Uint8Array =>
  new Uint8Array(createHash('sha256').update(String(label)).digest().subarray(0, length));

const pair = (): { kiosk: RecordProtection; lock: RecordProtection } => ({
  kiosk: createRecords(exporter, 'kiosk'),
  lock: createRecords(exporter, 'lock'),
});

const plain = Uint8Array.of(1, 2, 3);

test('records open in their order, in both directions', () => {
  const { kiosk, lock } = pair();
  for (let round = 0; round < 300; round += 1) {
    expect(lock.open(kiosk.seal(plain))).toEqual(plain);
    expect(kiosk.open(lock.seal(plain))).toEqual(plain);
  }
});

test('the same plaintext never looks the same', () => {
  const { kiosk } = pair();
  const sealed = Array.from({ length: 300 }, () => Buffer.from(kiosk.seal(plain)).toString('hex'));
  expect(new Set(sealed).size).toBe(300);
});

test('a record repeated, left out, reordered or sent back does not open', () => {
  const { kiosk, lock } = pair();
  const [first, second] = [kiosk.seal(plain), kiosk.seal(plain)];
  expect(() => pair().lock.open(second)).toThrow(/^bad_record/);
  expect(lock.open(first)).toEqual(plain);
  expect(() => lock.open(first)).toThrow(/^bad_record/);
  expect(() => kiosk.open(first)).toThrow(/^bad_record/);
});
