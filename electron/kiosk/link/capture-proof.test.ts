import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deviceKey, keyCalled, worldSerial } from '#support/link-world.ts';
import { fromHex, toHex } from './wire/bytes.ts';
import { captureChallenge, isCaptureProof } from './kiosk/capture-proof.ts';
import { createCaptureProof } from './lock/capture-proof.ts';
import type { CapturedCode } from './wire/capture-proof.ts';
import { signCose } from './lock/sign-statement.ts';
import { sha256 } from './wire/edhoc/key-schedule.ts';

const kioskId = '10000000-0000-4000-8000-000000000001';
const enrolmentId = '40000000-0000-4000-8000-000000000001';
const challenge = captureChallenge(kioskId, enrolmentId);
const captured: CapturedCode = {
  challenge,
  serialNumber: worldSerial,
  enrolmentCode: new Uint8Array(256).fill(0xec),
};
const proof = createCaptureProof(captured, deviceKey.sign);

/** Written down by hand from docs/link.md, and hashed by another implementation. */
const vector = {
  challenge: '38428a0dd1950c8fa25634c902b200c769b035be3c9bba253e8b3902af045d21',
  payload: '8301480000051a000000055820',
};

describe('a capture proof', () => {
  it('is bytes that anyone can make from the specification', () => {
    expect(toHex(challenge)).toBe(vector.challenge);
    const payload = `${vector.payload}${toHex(sha256(captured.enrolmentCode))}`;
    expect(toHex(proof)).toMatch(new RegExp(`^8443a10126a0582d${payload}5840[0-9a-f]{128}$`));
    const written = readFileSync('docs/link.md', 'utf8').replace(/\n {2}/g, '');
    expect(written).toContain(toHex(challenge));
    expect(written).toContain(toHex(proof));
  });

  it('is good for its lock, code and capture', () => {
    expect(isCaptureProof(proof, captured, deviceKey.publicKey)).toBe(true);
  });

  it.each<[string, Partial<CapturedCode>]>([
    ['another capture of the same kiosk', { challenge: captureChallenge(kioskId, kioskId) }],
    ['a capture by another kiosk', { challenge: captureChallenge(enrolmentId, enrolmentId) }],
    ['another lock', { serialNumber: '0000051a00000006' }],
    ['another code', { enrolmentCode: new Uint8Array(256).fill(0xed) }],
  ])('proves nothing for %s', (_what, change) => {
    expect(isCaptureProof(proof, { ...captured, ...change }, deviceKey.publicKey)).toBe(false);
  });

  it('is nobody’s but the holder’s of the device key', () => {
    expect(isCaptureProof(proof, captured, keyCalled('another device').publicKey)).toBe(false);
  });

  it('is not a statement of another kind, form or length', () => {
    const context = ['Latchpoint capture', challenge];
    const serial = fromHex(worldSerial);
    const hash = sha256(captured.enrolmentCode);
    const { sign } = deviceKey;
    const others = [
      signCose(['Latchpoint release'], [1, serial, hash], sign),
      signCose(context, [2, serial, hash], sign),
      signCose(context, [1, serial, hash, 0], sign),
      signCose(context, [1, serial], sign),
      signCose(context, [1, serial, hash.slice(1)], sign),
      signCose(context, [1, serial, hash], sign, new Uint8Array(4)),
      proof.slice(0, -1),
      new Uint8Array(256).fill(7),
      new Uint8Array(),
    ];
    for (const other of others) expect(isCaptureProof(other, captured, deviceKey.publicKey)).toBe(false);
    expect(isCaptureProof(signCose(context, [1, serial, hash], sign), captured, deviceKey.publicKey)).toBe(
      true,
    );
  });
});
