/** Scans, and what was answered to the last one. Each screen says what a label means there; the newest screen is asked. */
import { t } from '../i18n/translate.ts';
import { listenForScans } from '../scan/listen.ts';
import { readNumber } from '../scan/read-number.ts';
import { readScan, type Read } from '../scan/read-scan.ts';
import type { Press, Scan } from '../scan/scan-keys.ts';
import type { Sound } from './sounds.ts';

export interface ScanAnswer {
  /** Whether the scan did what it was made for. */
  readonly good: boolean;
  readonly text: string;
  /** What can be done about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** What a lock's serial number means on the screen that is shown. */
export type Scanned = (serialNumber: string) => ScanAnswer;

/** What any other barcode means there: a receipt's number, empty where nothing was read. */
export type NumberScanned = (number: string) => ScanAnswer;

/** Who holds a badge to the reader; null: it is none that anybody here knows, and means whatever else a scan means there. */
export type BadgeScanned = (read: string, isLabel: boolean) => Promise<ScanAnswer | 'done' | null>;

export interface Scans {
  /** Stays until the next scan, or until it is cleared. */
  readonly answer: ScanAnswer | null;
  /** Until it is taken back, `scanned` answers. */
  take(scanned: Scanned): () => void;
  /** Until it is taken back, every scan is a number for `scanned`, and no lock's label. */
  takeNumber(scanned: NumberScanned): () => void;
  /**
   * Until it is taken back, is asked about what is no number and, unless it waits for badges, no label of a lock or a product: those are
   * scanned all day, and must not count as badges that nobody knows. Whoever waits for badges gets shorter ones, too.
   */
  takeBadge(scanned: BadgeScanned, waits?: () => boolean): () => void;
  /** Until it is taken back, gets what a person types outside of any field. */
  onTyped(typed: (press: Press) => void): () => void;
  /** Answers what was typed instead of scanned, likewise. */
  say(answer: ScanAnswer): void;
  clear(): void;
  dispose(): void;
}

export const createScans = (play: (sound: Sound) => void): Scans => {
  let answer = $state.raw<ScanAnswer | null>(null);
  const screens: Scanned[] = [];
  const counters: NumberScanned[] = [];
  const badges: { readonly scanned: BadgeScanned; readonly waits: () => boolean }[] = [];
  const typists: ((press: Press) => void)[] = [];
  const add = <T>(list: T[], one: T): (() => void) => {
    list.push(one);
    return () => {
      const at = list.lastIndexOf(one);
      if (at >= 0) list.splice(at, 1);
    };
  };

  const answerTo = (read: Read): ScanAnswer => {
    if (read.kind !== 'serial') return { good: false, text: problemWords(read) };
    return screens.at(-1)?.(read.serialNumber) ?? { good: false, text: t('scan.nowhere') };
  };

  const say = (said: ScanAnswer): void => {
    answer = said;
    play(said.good ? 'scanned' : 'not_scanned');
  };

  const onScan = (scan: Scan): void => {
    const counter = counters.at(-1);
    if (counter) {
      say(counter(readNumber(scan)));
      return;
    }
    const read = readScan(scan);
    const isLabel = read.kind === 'serial' || read.kind === 'product';
    const taker = badges.at(-1);
    if (!taker || (isLabel && !taker.waits())) {
      say(answerTo(read));
      return;
    }
    void taker.scanned(scan.byPlace, isLabel).then((answered) => {
      if (answered === 'done') play('scanned');
      else say(answered ?? answerTo(read));
    });
  };

  const stop = listenForScans({
    waitsForBadge: () => counters.length === 0 && badges.at(-1)?.waits() === true,
    onScan,
    onTyped: (press) => typists.at(-1)?.(press),
  });

  return {
    get answer() {
      return answer;
    },
    take: (scanned) => add(screens, scanned),
    takeNumber: (scanned) => add(counters, scanned),
    takeBadge: (scanned, waits = () => false) => add(badges, { scanned, waits }),
    onTyped: (typed) => add(typists, typed),
    say,
    clear: () => {
      answer = null;
    },
    dispose: stop,
  };
};

const problemWords = (read: Exclude<Read, { kind: 'serial' }>): string => {
  switch (read.kind) {
    case 'product':
      return t('scan.product');
    case 'unreadable':
      return t('scan.unreadable', { count: read.count });
    case 'other_keyboard':
      return t('scan.other_keyboard');
  }
};
