/** Whether a key that the vendor gave is the one of its lock: judged where it arrives, under the newest intermediate. */
import type { KeyMaterial } from '#shared/models/documents.ts';
import type { Db } from '../store/database.ts';
import { readCertificate } from './certificate.ts';
import { judgeKey, type KeyFault } from './judge.ts';
import { newestIntermediate } from './trust-store.ts';

export type KeyCheck = (material: KeyMaterial) => KeyFault | null;

/** Null while no intermediate has come: nothing can be judged then, so nothing should be asked for either. */
export const openKeyCheck = async (
  ports: { readonly db: Db; readonly tenantId: string; now(): number },
  serialNumber: string,
): Promise<KeyCheck | null> => {
  const intermediate = (await newestIntermediate(ports.db, ports.tenantId))?.certificate;
  if (intermediate === undefined) return null;
  return (material) => judgeKey(material, { serialNumber, intermediate, now: ports.now() });
};

/** When a Key Certificate (DER, base64) was issued, by its notBefore; null where it is none. */
export const issuedAt = (keyCertificate: string): number | null =>
  readCertificate(Buffer.from(keyCertificate, 'base64'))?.notBefore ?? null;
