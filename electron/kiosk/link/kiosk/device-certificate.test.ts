import { describe, expect, test } from 'vitest';
import {
  extension,
  extensions,
  integer,
  makeCertificate,
  serialName,
  type CertificateRequest,
} from '#support/certificate-maker.ts';
import type { DeterministicKey } from '#support/deterministic-signer.ts';
import {
  customerKey,
  deviceRequest,
  intermediateRequest,
  keyCalled,
  leafRequest,
  rootKey,
  timeRequest,
  worldNow,
  worldSerial,
} from '#support/link-world.ts';
import { checkDeviceCertificate, rootKeyOf, type DeviceReason } from './device-certificate.ts';

const stranger = keyCalled('stranger');
const unknown = extension('1.3.6.1.4.1.32473.1.9.9', integer(1), true);

describe('a device certificate', () => {
  const check = (change: Partial<CertificateRequest>, signer = rootKey): true | DeviceReason => {
    const verdict = checkDeviceCertificate(makeCertificate(deviceRequest(change), signer), {
      roots: [rootKey.publicKey],
      serialNumber: worldSerial,
      now: worldNow,
    });
    return verdict.ok || verdict.reason;
  };

  test.each<[true | DeviceReason, string, Partial<CertificateRequest>, DeterministicKey]>([
    [true, 'as issued', {}, rootKey],
    ['not_signed_by_root', 'a fake lock', {}, stranger],
    ['not_signed_by_root', 'by the customer', {}, customerKey],
    ['other_serial', 'of another lock', { subject: serialName('ffffffffffffffff') }, rootKey],
    ['expired', 'past its end', { notAfter: worldNow - 1000 }, rootKey],
    ['not_a_device_certificate', 'a Key Certificate', { extensions: leafRequest().extensions }, rootKey],
    ['not_a_device_certificate', 'a time authority', { extensions: timeRequest().extensions }, rootKey],
    [
      'not_a_device_certificate',
      'a CA',
      { extensions: [extensions.ca(0), ...deviceRequest().extensions] },
      rootKey,
    ],
    [
      'not_a_device_certificate',
      'with an unknown critical extension',
      { extensions: [...deviceRequest().extensions, unknown] },
      rootKey,
    ],
  ])('%s: %s', (expected, _name, change, signer) => {
    expect(check(change, signer)).toBe(expected);
  });

  test('that is no certificate is named so', () => {
    const roots = [rootKey.publicKey];
    const verdict = checkDeviceCertificate(new Uint8Array(40), { roots, serialNumber: worldSerial, now: 0 });
    expect(verdict).toEqual({ ok: false, reason: 'certificate_malformed' });
  });

  test("the root's key is read from its certificate", () => {
    const root = makeCertificate(intermediateRequest({ publicKey: rootKey.publicKey }), rootKey);
    expect(rootKeyOf(root)).toEqual(rootKey.publicKey);
  });
});
