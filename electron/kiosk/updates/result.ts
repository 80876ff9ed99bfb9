/** What the part with root's rights says has become of an update (build/packaging/linux/latchpoint-update.sh). */
import { readIfPresent } from '../vault/durable-file.ts';

export const installRefusals = [
  'signature',
  'older',
  'expired',
  'ahead',
  'package',
  'room',
  'busy',
  'system',
  'trial',
  'other',
] as const;
/** What may be otherwise the next night: the machine's clock, its disk, its packages, its key, the version that runs. */
export const passingRefusals: readonly InstallRefusal[] = [
  'signature',
  'expired',
  'ahead',
  'room',
  'busy',
  'system',
  'trial',
  'other',
];
/** Of these what a package that never installs here would be refused for, too: not for ever. */
export const countedRefusals: readonly InstallRefusal[] = ['system', 'other'];
/** So often one version is handed over to a computer that refuses it; then only with a new manifest. */
export const mostRefusals = 2;
export type InstallRefusal = (typeof installRefusals)[number];

/** `version`: which one it was about; `issuedAt`: of its manifest. */
export type InstallResult = { readonly version: string; readonly issuedAt: number; readonly at: number } & (
  | { readonly outcome: 'installed' | 'went-back' }
  | { readonly outcome: 'refused'; readonly why: InstallRefusal }
);

/** That one was installed or gone back from is told for so long. */
const toldForMs = 24 * 60 * 60_000;

/** Whether what was at that time, by the clock of what installs, is still told: one that was far ahead is not waited for. */
export const isTold = (at: number, now: number): boolean => Math.abs(now - at) < toldForMs;

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

/** The steps of an installation before it stops the kiosk, in their order: it was copied, verified, and what is installed packed up. */
export const installSteps = 4;

/** How many of them are done; 0 where nobody says. */
export const readStep = async (path: string): Promise<number> => {
  const bytes = await readIfPresent(path).catch(() => null);
  const step = /^([0-9])\n$/.exec(bytes?.toString() ?? '')?.[1];
  return step === undefined ? 0 : Math.min(Number(step), installSteps - 1);
};
