/**
 * The enrolment code: RSA-OAEP (SHA-256, 2048 bits, no label) ciphertext under the vendor's enrolment key of
 * version (1 byte, 1) ‖ serial number (8 bytes) ‖ lock secret (32 bytes). Only the vendor can open it.
 */

/** Bytes. */
export const enrolmentCodeLength = 256;
