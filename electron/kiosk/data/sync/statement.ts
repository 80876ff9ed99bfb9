/** What the backend has signed with the key that the kiosk knows since its registration. */
import { compactVerify, errors, importJWK } from 'jose';
import type { z } from 'zod';
import type { PublicJwk } from '#shared/http/contract.ts';
import { parseJson } from '#shared/models/json.ts';

export type Verified<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/**
 * Opens a compact JWS (ES256) whose `typ` is one of `types`, undefined standing for none: a statement of one kind must not
 * pass for another. The reason says what is wrong, and nothing of the content.
 */
export const verifyStatement = async <T>(
  token: string,
  key: PublicJwk,
  types: readonly (string | undefined)[],
  schema: z.ZodType<T>,
): Promise<Verified<T>> => {
  try {
    const { payload, protectedHeader } = await compactVerify(token, await importJWK(key, 'ES256'), {
      algorithms: ['ES256'],
    });
    if (!types.includes(protectedHeader.typ)) return { ok: false, reason: 'type' };
    const parsed = schema.safeParse(parseJson(new TextDecoder().decode(payload)));
    return parsed.success ? { ok: true, value: parsed.data } : { ok: false, reason: 'payload' };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { ok: false, reason: error.code };
    throw error;
  }
};
