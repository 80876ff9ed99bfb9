/** What the part with root's rights says has become of an update (build/packaging/linux/latchpoint-update.sh). */
import { readIfPresent } from '../vault/durable-file.ts';

export const installRefusals = [
  ...(['signature', 'older', 'expired', 'ahead', 'package', 'room', 'system', 'other'] as const),
] as const;
/** What may be otherwise the next night: the machine's clock, its disk, its packages, its key. */
export const passingRefusals: readonly InstallRefusal[] = [
  ...(['signature', 'expired', 'ahead', 'room', 'system', 'other'] as const),
];
export type InstallRefusal = (typeof installRefusals)[number];

/** `version`: which one it was about; `issuedAt`: of its manifest. */
export type InstallResult = { readonly version: string; readonly issuedAt: number; readonly at: number } & (
  | { readonly outcome: 'installed' | 'went-back' }
  | { readonly outcome: 'refused'; readonly why: InstallRefusal }
);

const line = /^(installed|went-back|refused) (\d+\.\d+\.\d+) (\S+) (\S+)(?: ([a-z]+))?\n$/;

/** null where nothing was ever installed or refused, and where the file says nothing that is known. */
export const readResult = async (path: string): Promise<InstallResult | null> => {
  const bytes = await readIfPresent(path).catch(() => null);
  const [, outcome, version, issued = '', at = '', said] = line.exec(bytes?.toString() ?? '') ?? [];
  if (outcome === undefined || version === undefined) return null;
  const about = { version, issuedAt: Date.parse(issued), at: Date.parse(at) };
  if (Number.isNaN(about.issuedAt) || Number.isNaN(about.at)) return null;
  if (outcome === 'refused')
    return { ...about, outcome, why: installRefusals.find((why) => why === said) ?? 'other' };
  return outcome === 'installed' ? { ...about, outcome } : { ...about, outcome: 'went-back' };
};
