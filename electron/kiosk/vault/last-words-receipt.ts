/** What ends last words: they cannot be handed in again once they are gone, so only the backend's signature takes them away. */
import { createHash } from 'node:crypto';
import type { PublicJwk } from '#shared/http/contract.ts';
import { lastWordsReceiptSchema, lastWordsReceiptType } from '#shared/http/revocation.ts';
import { verifyStatement } from '../data/sync/statement.ts';

/** Whether `backendKey` has signed that it took these very words. `receipt`: a compact JWS. Never rejects for what it says. */
export const isReceiptFor = async (
  receipt: string,
  sealed: string,
  backendKey: PublicJwk,
): Promise<boolean> => {
  const said = await verifyStatement(receipt, backendKey, [lastWordsReceiptType], lastWordsReceiptSchema);
  return said.ok && said.value.digest === createHash('sha256').update(sealed).digest('hex');
};
