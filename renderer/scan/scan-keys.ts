/**
 * Tells a scanner from a person: a scanner types faster than anybody can. Keys that come less than `burstGapMs` apart are a
 * burst; one that is long enough and has enough digits is a scan, ended by Enter, Tab or silence. A computer or a radio scanner
 * that is busy stutters: what has begun as a burst, and is one on the average, may pause once in a while.
 */
import { digitAt, onUsKeyboard } from './us-keyboard.ts';

/** Between two keys of a burst, in ms. Scanners send one in 1 to 30; nobody types nine keys in a row this fast. */
export const burstGapMs = 50;
/** After so many keys a burst may stutter for so long, in ms. */
const surelyABurst = 3;
const stutterMs = 150;
/** Ends a scan without a suffix, in ms: one that reads as a label, and any other. */
export const silenceMs = 80;
export const brokenSilenceMs = 200;
/** A suffix that comes this long after the last key, in ms, is still the scan's, and presses no button. */
const lateSuffixMs = 330;
/** After a suffix, in ms: a second one, as of a carriage return and a line feed, is the scan's too. */
const secondSuffixMs = 50;
/** One more than the longest PIN: an EAN-8 is as long, and can't be told from one that a program types. */
const shortestScan = 9;
const fewestDigits = 4;
/** Between two keys of a badge reader on the average, in ms, where a shorter scan may be a badge: nobody types so fast. */
const badgeGapMs = 30;
const shortestDigits = 5;
const shortestHex = 6;
/** Whatever keeps typing is no label; more of it is heard, so that none is typed, and not kept. */
const longestScan = 512;

/** What was scanned, as this computer took the keys and as a US keyboard means them. */
export interface Scan {
  readonly byKey: string;
  readonly byPosition: string;
  /**
   * As `byPosition`, with a digit for each key that has one printed on it, whatever Shift and Caps Lock say: the same for a reader that
   * speaks US and for one that speaks what this computer does, where that has its digits behind Shift.
   */
  readonly byPlace: string;
}

export interface Press {
  readonly key: string;
  readonly code: string;
  readonly shift: boolean;
  /** In ms, of a clock that only grows. */
  readonly at: number;
}

/**
 * `held`: perhaps a scan's; it comes back as typed, or is part of a scan. `claimed`: a scan's.
 * `suffix`: ends a scan; nothing else may happen for it. `passed`: no scan's.
 */
export type KeyVerdict = 'held' | 'claimed' | 'suffix' | 'passed';

export interface ScanKeys {
  /** Judges a key that types a character, or Enter or Tab. */
  press(press: Press): KeyVerdict;
  /** A key that types nothing: what was held is typed. A scan that is known to be one goes on, or its rest would be typed. */
  interrupt(): void;
  dispose(): void;
}

export interface ScanKeysPorts {
  /** Runs `task` after `ms`; the returned function cancels it. */
  readonly after: (ms: number, task: () => void) => () => void;
  /** Whether a badge is waited for and nothing else is typed but names: shorter scans are taken for one, then. */
  readonly waitsForBadge: () => boolean;
  /** Whether nothing is missing of this. */
  readonly isWhole: (scan: Scan) => boolean;
  readonly onScan: (scan: Scan) => void;
  /** The burst has just become a scan: what its first keys have changed is to be undone. */
  readonly onClaim: () => void;
  /** The keys that were held, in order: a person typed them. */
  readonly onTyped: (presses: readonly Press[]) => void;
}

export const createScanKeys = (ports: ScanKeysPorts): ScanKeys => {
  const { after, waitsForBadge, isWhole, onScan, onClaim, onTyped } = ports;
  let burst: Press[] = [];
  let claimed = false;
  let lastScanAt = Number.NEGATIVE_INFINITY;
  let lastSuffixAt = Number.NEGATIVE_INFINITY;
  let cancel = (): void => undefined;

  const end = (): void => {
    cancel();
    const presses = burst;
    const last = presses.at(-1);
    burst = [];
    if (!last) return;
    if (!claimed) {
      onTyped(presses);
      return;
    }
    claimed = false;
    lastScanAt = last.at;
    onScan(scanOf(presses));
  };

  /** For how long the next key may take to belong to this burst. */
  const patienceMs = (): number => {
    if (claimed) return isWhole(scanOf(burst)) ? silenceMs : brokenSilenceMs;
    return burst.length >= surelyABurst && isQuick() ? stutterMs : burstGapMs;
  };

  /** On the average. */
  const isQuick = (): boolean => {
    const [first, last] = [burst[0], burst.at(-1)];
    return first !== undefined && last !== undefined && last.at - first.at <= burst.length * burstGapMs;
  };

  const digits = (): number =>
    burst.filter(({ key, code }) => /^\d$/.test(key) || digitAt(code) !== null).length;

  const looksLikeABadge = (): boolean => {
    const [first, last] = [burst[0], burst.at(-1)];
    if (!first || !last || last.at - first.at >= (burst.length - 1) * badgeGapMs) return false;
    const count = digits();
    const isHex = burst.every(({ code }) => digitAt(code) !== null || /^Key[A-F]$/.test(code));
    return (
      (burst.length >= shortestDigits && count >= fewestDigits) ||
      (burst.length >= shortestHex && isHex && count > 0)
    );
  };

  const looksLikeAScan = (): boolean =>
    (burst.length >= shortestScan && isQuick() && digits() >= fewestDigits) ||
    (waitsForBadge() && looksLikeABadge());

  return {
    press: (press) => {
      const last = burst.at(-1);
      if (last && press.at - last.at > patienceMs()) end();
      if (press.key === 'Enter' || press.key === 'Tab') {
        const isFirst = claimed || press.at - lastScanAt <= lateSuffixMs;
        const isSecond = burst.length === 0 && press.at - lastSuffixAt <= secondSuffixMs;
        end();
        if (!isFirst && !isSecond) return 'passed';
        // Whoever presses Enter next means it.
        lastScanAt = Number.NEGATIVE_INFINITY;
        lastSuffixAt = press.at;
        return 'suffix';
      }
      // A space alone presses buttons and ticks boxes.
      if (burst.length === 0 && press.key === ' ') return 'passed';
      if (burst.length >= longestScan) {
        if (!claimed) end();
        else burst.pop();
      }
      burst.push(press);
      cancel();
      if (!claimed && looksLikeAScan()) {
        claimed = true;
        onClaim();
      }
      cancel = after(patienceMs(), end);
      return claimed ? 'claimed' : 'held';
    },
    interrupt: () => {
      if (!claimed) end();
    },
    dispose: () => {
      cancel();
      burst = [];
    },
  };
};

const scanOf = (presses: readonly Press[]): Scan => ({
  byKey: presses.map(({ key }) => (Array.from(key).length === 1 ? key : '')).join(''),
  byPosition: presses.map(({ key, code, shift }) => onUsKeyboard(code, shift) ?? key).join(''),
  byPlace: presses.map(({ key, code, shift }) => digitAt(code) ?? onUsKeyboard(code, shift) ?? key).join(''),
});
