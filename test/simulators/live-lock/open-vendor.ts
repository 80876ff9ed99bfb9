/** The vendor: its root, its enrolment key and its customers, kept in a folder that several processes may open at once. */
import { createHash, createPrivateKey } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openEnrolmentCode } from './enrolment-code.ts';
import type { EnrolmentSecret } from '#kiosk/link/lock/enrolment-code.ts';
import { createReleaseToken, createRevocationList } from './root-statements.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { openCustomer, type Customer } from './customer.ts';
import { readOrCreateText, readText } from './durable-file.ts';
import { issueCertificate } from './issue-certificate.ts';
import {
  makeEnrolmentKeyPair,
  makeSigningKeyPair,
  readSigningKey,
  type SigningKey,
  type StoredKeyPair,
} from './key-pairs.ts';
import { deviceExtensions, deviceName, epochStart, noExpiry, rootExtensions, rootName } from './profiles.ts';
import { createTimeAuthority, type TellTime } from './time-authority.ts';

/** What a lock is given at manufacture and keeps for life. */
export interface LockIdentity {
  readonly serialNumber: string;
  readonly type: string;
  /** PKCS #8, DER. Never leaves the lock. */
  readonly devicePrivateKey: Uint8Array;
  /** X.509, DER. */
  readonly deviceCertificate: Uint8Array;
  /** The vendor's root, X.509 DER. */
  readonly root: Uint8Array;
  /** SubjectPublicKeyInfo of the vendor's enrolment key, DER. */
  readonly enrolmentKey: Uint8Array;
}

type RevokedEpochs = Omit<Parameters<typeof createRevocationList>[0], 'customerKey'>;

export interface Vendor {
  /** X.509, DER. */
  readonly root: Uint8Array;
  manufactureLock(serialNumber: string, type: string): Promise<LockIdentity>;
  /** Makes the customer's key unless it is there already. */
  addCustomer(owner: string): Promise<Customer>;
  customer(owner: string): Promise<Customer | null>;
  owners(): Promise<readonly string[]>;
  /** What an enrolment code holds. Throws LinkError `malformed` for one that is not this vendor's. */
  openEnrolmentCode(code: Uint8Array): EnrolmentSecret;
  readonly tellTime: TellTime;
  /** A revocation list for this customer, signed by the root. */
  signRevocations(customer: Customer, list: RevokedEpochs): Uint8Array;
  /** A release token for this lock and its key (uncompressed point, 65 bytes), signed by the root. */
  signRelease(serialNumber: string, keyPublic: Uint8Array): Uint8Array;
}

const keyPairSchema = z.strictObject({ privateKey: z.base64(), publicKey: z.base64() });
const vendorFileSchema = z.strictObject({
  root: keyPairSchema,
  rootCertificate: z.base64(),
  enrolment: keyPairSchema,
});
const customerFileSchema = z.strictObject({ owner: z.string(), key: keyPairSchema });

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

const makeVendorFile = async (): Promise<string> => {
  const [root, enrolment] = await Promise.all([makeSigningKeyPair(), makeEnrolmentKeyPair()]);
  const key = await readSigningKey(root);
  const certificate = await issueCertificate(
    {
      subject: rootName,
      issuer: rootName,
      publicKey: key.publicKey,
      notBefore: epochStart,
      notAfter: noExpiry,
      extensions: rootExtensions(),
    },
    key.privateKey,
  );
  const file = { root, rootCertificate: Buffer.from(certificate).toString('base64'), enrolment };
  return JSON.stringify(file satisfies z.input<typeof vendorFileSchema>);
};

const customersFolder = 'customers';

/** Opens the vendor in `dir`, or founds one there. Of several processes that found at once one wins, and all open that one. */
export const openVendor = async (dir: string): Promise<Vendor> => {
  const file = vendorFileSchema.parse(
    JSON.parse(await readOrCreateText(join(dir, 'vendor.json'), makeVendorFile)),
  );
  const rootKey = await readSigningKey(file.root);
  const signAsRoot = createSigner(bytes(file.root.privateKey));
  const root = bytes(file.rootCertificate);
  const enrolmentKey = createPrivateKey({
    key: Buffer.from(file.enrolment.privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  const customers = new Map<string, Customer>();
  const fileOf = (owner: string): string =>
    join(dir, customersFolder, `${createHash('sha256').update(owner).digest('hex').slice(0, 32)}.json`);
  const open = async (text: string): Promise<Customer> => {
    const { owner, key } = customerFileSchema.parse(JSON.parse(text));
    const customer = customers.get(owner) ?? openCustomer(owner, await readSigningKey(key), rootKey);
    customers.set(owner, customer);
    return customer;
  };

  return {
    root,
    manufactureLock: (serialNumber, type) =>
      manufactureLock(
        { serialNumber, type },
        { root, rootKey, enrolmentKey: bytes(file.enrolment.publicKey) },
      ),
    addCustomer: async (owner) =>
      open(
        await readOrCreateText(fileOf(owner), async () =>
          JSON.stringify({ owner, key: await makeSigningKeyPair() }),
        ),
      ),
    customer: async (owner) => {
      const known = customers.get(owner);
      if (known) return known;
      const text = await readText(fileOf(owner));
      return text === null ? null : open(text);
    },
    owners: async () => {
      const names = await readdir(join(dir, customersFolder)).catch((): string[] => []);
      const texts = await Promise.all(
        names
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => readText(join(dir, customersFolder, name))),
      );
      return texts.flatMap((text) =>
        text === null ? [] : [customerFileSchema.parse(JSON.parse(text)).owner],
      );
    },
    openEnrolmentCode: (code) => openEnrolmentCode(code, enrolmentKey),
    tellTime: createTimeAuthority(rootKey, epochStart),
    signRevocations: ({ publicKey: customerKey }, list) =>
      createRevocationList({ customerKey, ...list }, signAsRoot),
    signRelease: (serialNumber, keyPublic) => createReleaseToken(serialNumber, keyPublic, signAsRoot),
  };
};

const manufactureLock = async (
  lock: { readonly serialNumber: string; readonly type: string },
  vendor: { readonly root: Uint8Array; readonly rootKey: SigningKey; readonly enrolmentKey: Uint8Array },
): Promise<LockIdentity> => {
  const stored: StoredKeyPair = await makeSigningKeyPair();
  const deviceCertificate = await issueCertificate(
    {
      subject: deviceName(lock.serialNumber),
      issuer: rootName,
      publicKey: bytes(stored.publicKey),
      notBefore: epochStart,
      notAfter: noExpiry,
      extensions: deviceExtensions(),
    },
    vendor.rootKey.privateKey,
  );
  return {
    ...lock,
    devicePrivateKey: bytes(stored.privateKey),
    deviceCertificate,
    root: vendor.root,
    enrolmentKey: vendor.enrolmentKey,
  };
};
