/** How it stands with the vendor's revocation list, since when, and what of it is held: for the log once, for headquarters always. */
import { z } from 'zod';
import type { BackendPorts } from '../platform/ports.ts';
import type { Db } from '../store/database.ts';
import { readSetting } from '../store/settings.ts';
import type { RevocationStanding } from './judge-revocations.ts';
import { readList } from './revocation-list.ts';
import { heldParts } from './revocations.ts';

const settingName = 'revocation standing';
const notedSchema = z.strictObject({
  state: z.enum(['lists', 'none', 'failed', 'gone_back']),
  reason: z.string().nullable(),
  since: z.int(),
});
type Noted = z.infer<typeof notedSchema>;

/** As `GET /v1/admin/trust` has it. */
export const revocationsAnswerSchema = z.strictObject({
  /** `unknown` before the vendor was asked for the first time. */
  state: z.enum([...notedSchema.shape.state.options, 'unknown']),
  /** Why, where it is `failed` or `gone_back`. */
  reason: z.string().nullable(),
  /** When it became so: milliseconds since the epoch. */
  since: z.int().nullable(),
  /** What is held, and delivered to every kiosk: parts, the newest version in them, and the locks that they name. */
  parts: z.int(),
  version: z.int(),
  locks: z.int(),
});
export type RevocationsAnswer = z.infer<typeof revocationsAnswerSchema>;

const readNoted = async (db: Db, tenantId: string): Promise<Noted | null> => {
  const kept = await readSetting(db, { tenantId, name: settingName });
  return kept && notedSchema.parse(JSON.parse(kept.toString('utf8')));
};

/** Keeps it, and says in the log what is new about it: what goes on as it was is told once. */
export const noteStanding = async (
  { db, tenantId, platform }: { readonly db: Db; readonly tenantId: string; readonly platform: BackendPorts },
  standing: RevocationStanding,
): Promise<void> => {
  const noted = await readNoted(db, tenantId);
  if (noted?.state === standing.state && noted.reason === standing.reason) return;
  const { state, reason } = standing;
  const next = { state, reason, since: platform.now() } satisfies Noted;
  const value = Buffer.from(JSON.stringify(next), 'utf8');
  await db
    .insertInto('tenant_settings')
    .values({ tenant_id: tenantId, name: settingName, value })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet({ value }))
    .execute();
  if (state === 'failed') platform.logger.error('it is not known what the vendor has revoked', { reason });
  else if (state === 'gone_back') {
    platform.logger.error('the vendor has taken revocations back; what is held stays', { reason });
  } else if (noted?.state === 'failed' || noted?.state === 'gone_back') {
    platform.logger.info('what the vendor has revoked is known again');
  }
};

export const revocationsNow = async (
  db: Db,
  { tenantId, owner }: { readonly tenantId: string; readonly owner: string },
): Promise<RevocationsAnswer> => {
  const [noted, parts] = [await readNoted(db, tenantId), await heldParts(db, { tenantId, owner })];
  const locks = new Set(parts.flatMap(({ list }) => [...(readList(list)?.locks.keys() ?? [])]));
  return {
    ...(noted ?? { state: 'unknown', reason: null, since: null }),
    parts: parts.length,
    version: parts.at(-1)?.version ?? 0,
    locks: locks.size,
  };
};
