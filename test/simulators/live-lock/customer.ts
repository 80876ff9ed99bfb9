/** A customer of the vendor: its key, its intermediate certificates and the Key Certificates under them. */
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import type { EnrolmentSecret } from '#kiosk/link/lock/enrolment-code.ts';
import { issueCertificate } from './issue-certificate.ts';
import { pointOf, spkiOf, type SigningKey } from './key-pairs.ts';
import {
  intermediateExtensions,
  intermediateName,
  keyExtensions,
  keyName,
  noExpiry,
  rootName,
} from './profiles.ts';

export interface Customer {
  readonly owner: string;
  /** Uncompressed P-256 point, 65 bytes: the same through all renewals. */
  readonly publicKey: Uint8Array;
  /** A Customer Intermediate Certificate (X.509 DER), signed by the root. Times in wall-clock milliseconds. */
  issueIntermediate(validity: {
    readonly notBefore: number;
    readonly notAfter: number;
    readonly epoch: number;
  }): Promise<Uint8Array>;
  /**
   * The Key Certificate (X.509 DER) of the lock with this secret, and its private key (PKCS #8 DER). It has no end of its
   * own: what ends is the intermediate that it is used with.
   */
  issueKey(
    request: EnrolmentSecret & { readonly notBefore: number; readonly keyEpoch?: number },
  ): Promise<{ readonly keyCertificate: Uint8Array; readonly privateKey: Uint8Array }>;
  /** Another Key Certificate (X.509 DER) for the same key (65-byte point), with another epoch. */
  reissueKey(request: {
    readonly serialNumber: string;
    readonly publicKey: Uint8Array;
    readonly notBefore: number;
    readonly keyEpoch: number;
  }): Promise<Uint8Array>;
}

export const openCustomer = (owner: string, key: SigningKey, root: SigningKey): Customer => {
  const reissueKey: Customer['reissueKey'] = ({ serialNumber, publicKey, notBefore, keyEpoch }) =>
    issueCertificate(
      {
        subject: keyName(serialNumber),
        issuer: intermediateName(owner),
        publicKey: spkiOf(publicKey),
        notBefore,
        notAfter: noExpiry,
        extensions: keyExtensions(keyEpoch),
      },
      key.privateKey,
    );
  return {
    owner,
    publicKey: pointOf(key.publicKey),
    issueIntermediate: ({ notBefore, notAfter, epoch }) =>
      issueCertificate(
        {
          subject: intermediateName(owner),
          issuer: rootName,
          publicKey: key.publicKey,
          notBefore,
          notAfter,
          extensions: intermediateExtensions(epoch),
        },
        root.privateKey,
      ),
    issueKey: async ({ serialNumber, secret, notBefore, keyEpoch = 1 }) => {
      const { publicKey, privateKey } = deriveLockKey(secret, serialNumber);
      return {
        keyCertificate: await reissueKey({ serialNumber, publicKey, notBefore, keyEpoch }),
        privateKey,
      };
    },
    reissueKey,
  };
};
