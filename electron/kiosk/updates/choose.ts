/** Whether a manifest is for this kiosk, and whether it may be followed. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { compareVersions, mostAheadMs, type Manifest, type Ring, type UpdatePackage } from './manifest.ts';
import { shareOfStore } from './proof.ts';

export interface Here {
  readonly version: string;
  /** `linux-x64`, … */
  readonly platform: string;
  readonly ring: Ring;
  /** null before a kiosk is registered. */
  readonly storeId: string | null;
  /** When the newest manifest that was ever seen was issued; 0 before the first. */
  readonly newestIssuedAt: number;
  /** The version from which the kiosk has gone back: not tried again. */
  readonly wentBackFrom: string | null;
}

/** The package to get; null where there is nothing for this kiosk now. */
export type ChosenPackage = UpdatePackage | null;

/** Whether the roll-out has come to this store. A store that is named has it whatever its ring. */
export const isReached = ({ rings, stores }: Manifest, { ring, storeId }: Here): boolean => {
  if (storeId !== null && stores.has(storeId)) return true;
  const share = rings[ring] ?? 0;
  return storeId === null ? share >= 100 : shareOfStore(storeId) < share;
};

/** `now`: trusted time. A manifest that is refused changes nothing. */
export const choose = (manifest: Manifest, here: Here, now: number): Result<ChosenPackage> => {
  if (manifest.issuedAt < here.newestIssuedAt)
    return fail('update.replayed', { issuedAt: manifest.issuedAt, newestAt: here.newestIssuedAt });
  if (manifest.issuedAt > now + mostAheadMs) return fail('update.ahead', { issuedAt: manifest.issuedAt });
  if (now >= manifest.expiresAt) return fail('update.expired', { expiresAt: manifest.expiresAt });
  const { version } = manifest;
  const difference = compareVersions(version, here.version);
  if (difference === 0 || !isReached(manifest, here) || version === here.wentBackFrom) return ok(null);
  if (difference < 0) return fail('update.older', { version, installed: here.version });
  if (compareVersions(here.version, manifest.from) < 0)
    return fail('update.not_from_here', { version, installed: here.version, from: manifest.from });
  const found = manifest.packages.get(here.platform);
  return found ? ok(found) : fail('update.other_platform', { version, platform: here.platform });
};
