import type { Random } from '../platform/random.ts';
import type { KioskSession, Signer } from './session.ts';

export interface KioskSessionOptions {
  readonly random: Random;
  /** The genuine lock's device certificate (DER), as learnt at enrolment. */
  readonly deviceCertificate: Uint8Array;
  /** Key Certificate and intermediate, DER. The caller has judged them by `checkChain`. */
  readonly keyCertificate: Uint8Array;
  readonly intermediate: Uint8Array;
  /** Signs with the Key Certificate's private key: `createSigner(pkcs8)` in signing.ts. */
  readonly sign: Signer;
}

export const createKioskSession = (options: KioskSessionOptions): KioskSession => {
  throw new Error(`not ready: ${options.keyCertificate.length}`);
};
