import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { sealEnrolmentCode } from '#kiosk/link/lock/enrolment-code.ts';
import { openVendor } from './open-vendor.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'vendor-'));
const read = (der: Uint8Array): X509Certificate => new X509Certificate(Buffer.from(der));
const serialNumber = '0000051a00000005';

describe('the vendor', () => {
  it('is founded once, even by several processes at the same time', async () => {
    const dir = await folder();
    const vendors = await Promise.all([openVendor(dir), openVendor(dir), openVendor(dir)]);
    for (const vendor of vendors) expect(vendor.root).toEqual(vendors[0].root);
    const customers = await Promise.all(vendors.map((vendor) => vendor.addCustomer('acme')));
    for (const customer of customers) expect(customer.publicKey).toEqual(customers[0]!.publicKey);
    expect(await vendors[1].owners()).toEqual(['acme']);
    expect(await vendors[1].customer('nobody')).toBeNull();
    const names = await readdir(dir, { recursive: true });
    expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
    expect((await stat(join(dir, 'vendor.json'))).mode & 0o777).toBe(0o600);
  });

  it('reads back what it founded', async () => {
    const dir = await folder();
    const first = await openVendor(dir);
    const customer = await first.addCustomer('acme');
    const second = await openVendor(dir);
    expect(second.root).toEqual(first.root);
    expect((await second.customer('acme'))?.publicKey).toEqual(customer.publicKey);
  });

  it('issues a chain that verifies, before and after the intermediate is renewed', async () => {
    const vendor = await openVendor(await folder());
    const customer = await vendor.addCustomer('acme');
    const lock = await vendor.manufactureLock(serialNumber, 'CAM');
    const secret = new Uint8Array(32).fill(7);
    const vendorKey = createPublicKey({ key: Buffer.from(lock.enrolmentKey), format: 'der', type: 'spki' });
    const offer = vendor.openEnrolmentCode(sealEnrolmentCode({ serialNumber, secret }, vendorKey));
    const key = await customer.issueKey({ ...offer, notBefore: Date.UTC(2026, 0, 1) });
    expect(key.privateKey).toEqual(deriveLockKey(secret, serialNumber).privateKey);

    const root = read(vendor.root);
    const leaf = read(key.keyCertificate);
    for (const year of [2026, 2027]) {
      const validity = { notBefore: Date.UTC(year, 0, 1), notAfter: Date.UTC(year, 0, 15), epoch: 1 };
      const intermediate = read(await customer.issueIntermediate(validity));
      expect(intermediate.verify(root.publicKey)).toBe(true);
      expect(intermediate.ca).toBe(true);
      expect(leaf.verify(intermediate.publicKey)).toBe(true);
      expect(intermediate.validToDate).toEqual(new Date(validity.notAfter));
    }
    expect(read(lock.deviceCertificate).verify(root.publicKey)).toBe(true);
    expect(leaf.subject).toBe(`serialNumber=${serialNumber}`);
    expect(key.keyCertificate.length).toBeLessThan(420);
  });
});
