/** Why a kiosk was revoked: what an operator gives as the reason. */
export const revocationReasons = ['unspecified', 'lost_or_stolen', 'replaced', 'closed'] as const;
export type RevocationReason = (typeof revocationReasons)[number];
