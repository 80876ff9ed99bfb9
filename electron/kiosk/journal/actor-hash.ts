import { createHash } from 'node:crypto';

/** SHA-256 of a staff member's id: names the actor to a lock without naming the person. 32 bytes. */
export const actorHash = (staffId: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(staffId, 'utf8').digest());
