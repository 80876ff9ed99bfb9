import { createHash } from 'node:crypto';
import type { PublicJwk } from '#shared/http/contract.ts';

/** RFC 7638, as 64 hexadecimal digits: what a kiosk's Health shows of its own key, too. */
export const fingerprintOf = ({ crv, kty, x, y }: PublicJwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('hex');
