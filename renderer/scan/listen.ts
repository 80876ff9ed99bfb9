/** Hears a scanner in the page, whatever has the focus, and keeps what it types from everything else. */
import { after } from '../state/after.ts';
import { readScan } from './read-scan.ts';
import { createScanKeys, type Press, type Scan } from './scan-keys.ts';

export interface ScanHandlers {
  readonly waitsForBadge: () => boolean;
  readonly onScan: (scan: Scan) => void;
  /** A person typed this outside of any field. */
  readonly onTyped: (press: Press) => void;
}

/** What a field held before the first key of a burst, which may turn out to be a scan's. */
interface Before {
  readonly field: HTMLInputElement;
  readonly value: string;
}

const textTypes = new Set(['text', 'search', 'url', 'tel', 'email', 'password']);
const fieldOf = (target: EventTarget | null): HTMLInputElement | null =>
  target instanceof HTMLInputElement && textTypes.has(target.type) ? target : null;

/** Returns how to stop. Listens before everybody else on the page. */
export const listenForScans = ({ waitsForBadge, onScan, onTyped }: ScanHandlers): (() => void) => {
  let before: Before | null = null;
  /** Keys whose release belongs to a scan, too: a space that is let go presses a button. */
  const swallowed = new Set<string>();

  const keys = createScanKeys({
    after,
    waitsForBadge,
    isWhole: (scan) => ['serial', 'product'].includes(readScan(scan).kind),
    onScan: (scan) => {
      before = null;
      onScan(scan);
    },
    onClaim: () => {
      if (!before || before.field.value === before.value) return;
      before.field.value = before.value;
      before.field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    },
    onTyped: (presses) => {
      const wasInField = before !== null;
      before = null;
      if (!wasInField) for (const press of presses) onTyped(press);
    },
  });

  const stop = (event: Event): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  const onkeydown = (event: KeyboardEvent): void => {
    const press = pressOf(event);
    if (press === 'none') return;
    if (press === null) {
      keys.interrupt();
      return;
    }
    const field = fieldOf(event.target);
    const now = field && { field, value: field.value };
    const verdict = keys.press(press);
    if (verdict === 'passed') return;
    before ??= now;
    if (verdict === 'held') {
      // A field takes it as usual until it is known to be a scanner's; elsewhere it comes back as typed, and must not land in
      // a field that has got the focus meanwhile.
      if (!field) event.preventDefault();
      return;
    }
    swallowed.add(event.code);
    stop(event);
  };
  const onkeyup = (event: KeyboardEvent): void => {
    if (swallowed.delete(event.code)) stop(event);
  };
  window.addEventListener('keydown', onkeydown, true);
  window.addEventListener('keyup', onkeyup, true);
  return () => {
    window.removeEventListener('keydown', onkeydown, true);
    window.removeEventListener('keyup', onkeyup, true);
    keys.dispose();
  };
};

/** `none`: no key of its own; null: ends whatever was being typed. */
const pressOf = (event: KeyboardEvent): Press | 'none' | null => {
  const { key, code, shiftKey: shift, timeStamp: at } = event;
  if (['Shift', 'AltGraph', 'CapsLock', 'NumLock', 'Unidentified', 'Process'].includes(key)) return 'none';
  // Someone leans on a key, perhaps while another one scans; what it does is its own business.
  if (event.repeat) return 'none';
  if (event.isComposing) return null;
  const isAltGraph = event.getModifierState('AltGraph');
  // Scanners send GS1's group separator as a terminal's: Ctrl and the closing bracket.
  if (event.ctrlKey && code === 'BracketRight') return { key: '\u001d', code: '', shift, at };
  // And a line feed or a carriage return, where that is their suffix.
  if (event.ctrlKey && (code === 'KeyJ' || code === 'KeyM')) return { key: 'Enter', code, shift, at };
  if (!isAltGraph && (event.ctrlKey || event.altKey || event.metaKey)) return null;
  const isOne = Array.from(key).length === 1 || key === 'Dead' || key === 'Enter' || key === 'Tab';
  return isOne ? { key, code, shift, at } : null;
};
