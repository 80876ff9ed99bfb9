/** Gathers what an authenticated command to one lock needs, lends it to one operation, and wipes the key afterwards. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { KioskData } from '../data/port.ts';
import type { LockCredentials } from '../link/lock-driver.ts';
import type { Vault } from '../vault/port.ts';
import type { KioskReadiness } from './kiosk-readiness.ts';

export interface Credentials {
  /**
   * Runs `use` with the credentials of this lock and answers what it answers; `lock.no_key`, `vault.*` where they cannot
   * be had. The private key is overwritten when `use` has settled, so `use` must not keep it. `use` is asked once more where the
   * lock says that the intermediate has not begun and there is one that began earlier: that refusal is the lock's own word that
   * it did nothing, and only locks of release 0.2 give it.
   */
  lend<T>(
    serialNumber: string,
    /** The genuine lock's device certificate, DER in base64. */
    deviceCertificate: string,
    use: (credentials: LockCredentials) => Promise<Result<T>>,
  ): Promise<Result<T>>;
}

export interface CredentialsOptions {
  readonly vault: Pick<Vault, 'open'>;
  readonly data: Pick<KioskData, 'keyCertificate'>;
  readonly readiness: () => KioskReadiness;
}

export const createCredentials = ({ vault, data, readiness }: CredentialsOptions): Credentials => ({
  lend: async <T>(
    serialNumber: string,
    deviceCertificate: string,
    use: (credentials: LockCredentials) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const { intermediate } = readiness();
    if (intermediate.kind === 'missing') return fail('vault.no_intermediate');
    if (intermediate.kind === 'expired') {
      return fail('vault.intermediate_expired', { expiredAt: intermediate.expiredAt });
    }
    const opened = await openKey(vault, data, serialNumber);
    if (!opened.ok) return opened;
    const { keyCertificate, privateKey } = opened.value;
    try {
      const useWith = ({ certificate }: { readonly certificate: string }): Promise<Result<T>> =>
        use({
          keyCertificate,
          privateKey,
          intermediate: decode(certificate),
          deviceCertificate: decode(deviceCertificate),
        });
      const answer = await useWith(intermediate.document);
      const { earlier } = intermediate;
      return earlier !== null && isTooEarly(answer) ? await useWith(earlier) : answer;
    } finally {
      privateKey.fill(0);
    }
  },
});

const isTooEarly = (answer: Result<unknown>): boolean =>
  !answer.ok &&
  answer.error.code === 'lock.chain_refused' &&
  answer.error.params['reason'] === 'intermediate_not_yet_valid';

const openKey = async (
  vault: Pick<Vault, 'open'>,
  data: Pick<KioskData, 'keyCertificate'>,
  serialNumber: string,
): Promise<Result<Pick<LockCredentials, 'keyCertificate' | 'privateKey'>>> => {
  const sealed = await data.keyCertificate(serialNumber);
  if (!sealed) return fail('lock.no_key', { serialNumber });
  const opened = await vault.open(sealed.sealed);
  if (!opened.ok) return opened;
  // A row of another lock under this serial number is as good as no key, and worse.
  if (opened.value.serialNumber !== serialNumber) return fail('vault.cannot_open');
  return ok({
    keyCertificate: decode(opened.value.keyCertificate),
    privateKey: decode(opened.value.privateKey),
  });
};

const decode = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
