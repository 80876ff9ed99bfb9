/** The vendor's time authority: certified by the root, it tells locks what time it is. */
import { createTimeToken } from './time-token.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { issueCertificate } from './issue-certificate.ts';
import { makeSigningKeyPair, type SigningKey } from './key-pairs.ts';
import { noExpiry, rootName, timeAuthorityName, timeExtensions } from './profiles.ts';

/** A time token over `challenge` (a lock's ephemeral key, 32 bytes) that says `now`, in milliseconds since 1970. */
export type TellTime = (challenge: Uint8Array, now: number) => Promise<Uint8Array>;

/** Its key is drawn when it is first asked, and not kept: every run of the vendor has an authority of its own. */
export const createTimeAuthority = (root: SigningKey, notBefore: number): TellTime => {
  const open = async () => {
    const pair = await makeSigningKeyPair();
    const certificate = await issueCertificate(
      {
        subject: timeAuthorityName,
        issuer: rootName,
        publicKey: new Uint8Array(Buffer.from(pair.publicKey, 'base64')),
        notBefore,
        notAfter: noExpiry,
        extensions: timeExtensions(),
      },
      root.privateKey,
    );
    return { certificate, sign: createSigner(new Uint8Array(Buffer.from(pair.privateKey, 'base64'))) };
  };
  let authority: ReturnType<typeof open> | null = null;
  return async (challenge, now) => {
    authority ??= open();
    return createTimeToken({ now, challenge, ...(await authority) });
  };
};
