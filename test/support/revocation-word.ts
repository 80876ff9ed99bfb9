/** The backend's word as a kiosk has it once the signature has been verified. */
import type { SignedRevocation } from '#shared/http/revocation.ts';
import { ids } from './kiosk-rows.ts';

export const revocationWord = (change: Partial<SignedRevocation> = {}): SignedRevocation => ({
  purpose: 'revocation',
  kioskId: ids.kiosk,
  nonce: 'a nonce of the kiosk',
  revokedAt: 1_000,
  reason: 'lost_or_stolen',
  sealingKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) },
  ...change,
});
