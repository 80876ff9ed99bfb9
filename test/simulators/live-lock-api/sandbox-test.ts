/** Vitest's `test` with the sandbox of the LIVE Lock API, its vendor and a lock that the vendor has made. */
import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { sealEnrolmentCode } from '#kiosk/link/lock/enrolment-code.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { folderTest } from '#support/folder-test.ts';
import { openVendor } from '../live-lock/open-vendor.ts';
import { createLiveLockApi, type LiveLockApiPorts } from './live-lock-api.ts';
import { openRegistry } from './registry.ts';

export const apiKey = 'live.sandbox.0123456789';
export const controlToken = 'control';
export const serialNumber = '0000051a00000005';

export const sandboxTest = folderTest
  .extend('clock', () => new ManualClock())
  .extend('vendor', async ({ folder }) => {
    const vendor = await openVendor(folder);
    await vendor.addCustomer('acme');
    return vendor;
  })
  /** A running sandbox; `restart` ends it and begins another one on the same registry. */
  .extend('sandbox', async ({ folder, vendor, clock }, { onCleanup }) => {
    const open = async (change: Partial<LiveLockApiPorts> = {}) => {
      const registry = openRegistry(join(folder, 'registry.sqlite'));
      const api = createLiveLockApi({ vendor, registry, clock, apiKey, controlToken, ...change });
      return { registry, api, url: `http://127.0.0.1:${await api.listen(0)}` };
    };
    let now = await open();
    const close = async (): Promise<void> => {
      await now.api.dispose();
      now.registry.dispose();
    };
    onCleanup(close);
    return {
      registry: () => now.registry,
      url: () => now.url,
      restart: async (change?: Partial<LiveLockApiPorts>): Promise<void> => {
        await close();
        now = await open(change);
      },
    };
  })
  /** The body that registers the lock; `secret`: a lock draws another one when it is released. */
  .extend('request', async ({ vendor }) => {
    const { enrolmentKey } = await vendor.manufactureLock(serialNumber, 'CAM');
    const key = createPublicKey({ key: Buffer.from(enrolmentKey), format: 'der', type: 'spki' });
    return (change: object = {}, secret = 3): object => {
      const code = sealEnrolmentCode({ serialNumber, secret: new Uint8Array(32).fill(secret) }, key);
      return {
        serial_no: serialNumber,
        type: 'CAM',
        certificate: 'acme',
        enrolment_code: Buffer.from(code).toString('base64'),
        base64: true,
        ...change,
      };
    };
  })
  .extend(
    'call',
    ({ sandbox }) =>
      async (method: 'GET' | 'POST', path: string, body?: object, token = apiKey) => {
        const answer = await fetch(sandbox.url() + path, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body ? { 'content-type': 'application/json' } : {}),
          },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        return { status: answer.status, body: await answer.json() };
      },
  )
  .extend(
    'control',
    ({ call }) =>
      (path: string, body: object = {}) =>
        call('POST', `/control/${path}`, body, controlToken),
  );
