/** The vault holds the kiosk's own keys and opens sealed Key Certificates. No key leaves it but to a lock driver. */
import type { Result } from '#shared/errors/app-error.ts';
import type { AssertionAudience, PublicJwk, RotateKeysRequest } from '#shared/http/contract.ts';
import type { KeyMaterial, SealedPin } from '#shared/models/documents.ts';

/** Where the operating system, or a passphrase file set by IT, keeps a secret. Rejects when it can't. */
export interface SecretStore {
  /** A name for the diagnostics: "dpapi", "keychain", "gnome_libsecret", "passphrase_file". */
  readonly kind: string;
  wrap(secret: Uint8Array): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
}

/** What the kiosk knows of itself once it is registered. Stored beside the wrapped keys; without those its names are empty. */
export interface KioskIdentity {
  readonly kioskId: string;
  readonly kioskName: string;
  readonly storeId: string;
  readonly storeName: string;
  readonly owner: string;
  readonly backendKey: PublicJwk;
  /** Vendor root certificate, DER, base64. */
  readonly vendorRoot: string;
}

export type VaultState = 'ready' | 'no_secret_store' | 'cannot_open';

/** `prepared`: new pairs are made, the backend may have them. `adopted`: it has them, the old ones still open keys here. */
export type RotationState = 'none' | 'prepared' | 'adopted';

export interface Vault {
  readonly state: VaultState;
  /** null until registered. */
  readonly identity: KioskIdentity | null;
  /** Makes the two key pairs if there are none; answers `vault.no_secret_store` where they could not be kept safely. */
  prepareKeys(): Promise<Result<{ signingKey: PublicJwk; sealingKey: PublicJwk }>>;
  saveIdentity(identity: KioskIdentity): Promise<void>;
  /** A client assertion (RFC 7523) for this one purpose, signed ES256. */
  clientAssertion(audience: AssertionAudience): Promise<string>;
  /** The public half of the key that signs; null where there are no keys. */
  readonly signingKey: PublicJwk | null;
  /** Its fingerprint: the SHA-256 thumbprint of RFC 7638, as 64 hexadecimal digits. */
  readonly fingerprint: string | null;
  /** A compact JWS (ES256) of this type. Throws where there are no keys. */
  signStatement(type: string, content: string): Promise<string>;
  /** Opens a sealed Key Certificate: `vault.cannot_open` if it was not sealed to this kiosk or was changed. */
  open(sealed: string): Promise<Result<KeyMaterial>>;
  /** A person's PIN verifiers, sealed to this kiosk; null where they were not, were changed, or are somebody else's. */
  openPin(staffId: string, sealed: string): Promise<Omit<SealedPin, 'staffId'> | null>;
  /** HMAC-SHA-256 of `text`, in hex, under a key that is sealed as a Key Certificate is; errors as of `open`. */
  mac(sealedKey: string, text: string): Promise<Result<string>>;
  readonly rotation: RotationState;
  /** Makes new pairs, once, and signs for them; `vault.cannot_open` where there is nothing to rotate. Durable when ok. */
  prepareRotation(): Promise<Result<RotateKeysRequest>>;
  /** The backend has the new pairs: from now on they are the kiosk's, the old ones only open what is sealed to them. */
  adoptRotation(): Promise<void>;
  /** Nothing is sealed to the old pairs any more: they are gone for good. */
  settleRotation(): Promise<void>;
  /** Whether the value is sealed to the kiosk's present pair. */
  isSealedToCurrent(sealed: string): Promise<boolean>;
  /** Erases the kiosk's keys and identity for good: what a revoked kiosk does. */
  erase(): Promise<void>;
  /** The last run began to erase and has not said that all is gone. */
  readonly isLeftErasing: boolean;
  /** Nothing is left to erase: the mark that `erase` has set goes. */
  forgetErasure(): Promise<void>;
}
