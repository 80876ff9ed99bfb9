import { z } from 'zod';

/** A lock's serial number: 16 lower-case hexadecimal digits, 8 bytes on the wire. */
export const serialNumberSchema = z.string().regex(/^[0-9a-f]{16}$/);
export type SerialNumber = z.infer<typeof serialNumberSchema>;

/** Milliseconds since 1970-01-01T00:00:00Z. Every time in a model is one of these. */
export const epochMsSchema = z.int().min(0).max(8_640_000_000_000_000);

export const uuidSchema = z.uuid();

/** Standard base64 with padding, at most 8 KiB of text. */
export const base64Schema = z.base64().max(8192);

const noControls = /^[^\p{Cc}]*$/u;
const noControlsSaid = 'holds a control character';

/** What a person types as a name: trimmed, 1 to 60 characters, no control characters. */
export const nameSchema = z.string().trim().min(1).max(60).regex(noControls, noControlsSaid);

/** A short word that a lock or a person gives: no control characters (a database refuses U+0000), may be empty. */
export const labelSchema = (longest: number) => z.string().max(longest).regex(noControls, noControlsSaid);

/** The server's per-store sequence number of a row's last change; 0 for a row that the server has never seen. */
export const versionSchema = z.int().min(0);
