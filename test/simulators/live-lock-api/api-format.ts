/**
 * What goes over the wire to and from the LIVE Lock API.
 *
 * Given by the vendor: `POST /v1/dlock`, its bearer key, its request body, and that a serial number registers only once.
 * Not public, and assumed here in this one file: the shape of every answer, the error codes and their statuses, the call
 * that reads a registration again (`GET /v1/dlock/:serial`), the call that delivers the intermediate and the root
 * (`GET /v1/certificates/:owner`), the time authority (`POST /v1/time`), the delivery of revocation
 * lists (`GET /v1/revocations/:owner`), and the release of a lock (`POST /v1/dlock/:serial/release`), after which its serial
 * number registers once more.
 */
import { z } from 'zod';

export const registerBodySchema = z.strictObject({
  serial_no: z.string().regex(/^[0-9a-f]{16}$/),
  /** May be empty. */
  type: z.string().max(16),
  /** The owner value of the customer's intermediate certificate. */
  certificate: z.string().min(1).max(100),
  enrolment_code: z.base64().max(4096),
  /** Asks for the form that the SDK needs; the sandbox has no other. */
  base64: z.literal(true),
});

export interface RegistrationAnswer {
  readonly serial_no: string;
  readonly type: string;
  /** X.509 DER, base64. */
  readonly key_certificate: string;
  /** PKCS #8 DER, base64. */
  readonly private_key: string;
}

export interface CertificatesAnswer {
  readonly owner: string;
  /** The current intermediate, X.509 DER, base64. */
  readonly certificate: string;
  /** The vendor's root, X.509 DER, base64. */
  readonly root: string;
}

/** The lock's ephemeral key: 32 bytes. */
export const timeBodySchema = z.strictObject({ challenge: z.base64().length(44) });

export interface TimeAnswer {
  /** A time token (docs/link.md), base64. */
  readonly token: string;
}

export interface ReleaseAnswer {
  readonly serial_no: string;
  /** A release token (docs/link.md), base64. */
  readonly token: string;
}

export interface RevocationsAnswer {
  readonly owner: string;
  /** The first part, for whoever knows of no other. */
  readonly version: number;
  readonly list: string;
  /** All of them, in their order: revocation lists (docs/link.md), base64. */
  readonly parts: readonly { readonly version: number; readonly list: string }[];
}

/** Every failed answer is `{ "error": { "code", "message" } }` with the status given here. */
export const apiErrors = {
  malformed_request: 400,
  unauthorised: 401,
  unknown_owner: 404,
  unknown_serial: 404,
  nothing_revoked: 404,
  already_registered: 409,
  malformed_code: 422,
  serial_mismatch: 422,
  too_many_requests: 429,
  unavailable: 503,
} as const;
export type ApiErrorCode = keyof typeof apiErrors;

export class ApiError extends Error {
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}
