import { z } from 'zod';

/** A lock's serial number: 16 lower-case hexadecimal digits, 8 bytes on the wire. */
export const serialNumberSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'is no serial number: 16 digits from 0 to 9 and a to f');
export type SerialNumber = z.infer<typeof serialNumberSchema>;

/** Milliseconds since 1970-01-01T00:00:00Z. Every time in a model is one of these. */
export const epochMsSchema = z.int().min(0).max(8_640_000_000_000_000);

export const uuidSchema = z.uuid();

/** Standard base64 with padding, at most 8 KiB of text. */
export const base64Schema = z.base64().max(8192);

/**
 * Text that every side stores as it came. A database refuses U+0000; half of a surrogate pair has no UTF-8 and is replaced when it
 * is written, so that what one side holds is no longer what the other does.
 */
const asText = (schema: z.ZodString): z.ZodString =>
  schema.regex(/^\P{Cc}*$/u, 'holds a control character').regex(/^\P{Cs}*$/u, 'holds half of a character');

/** What a person types as a name: trimmed, 1 to 60 UTF-16 code units, text as `asText` has it. */
export const nameSchema = asText(z.string().trim().min(1).max(60));

/** A short word that a lock, a person or the vendor gives: at most `longest` UTF-16 code units, may be empty. */
export const labelSchema = (longest: number) => asText(z.string().max(longest));

/** The server's per-store sequence number of a row's last change; 0 for a row that the server has never seen. */
export const versionSchema = z.int().min(0);
