/** What is answered to the label of a lock that is not this store's: a new one can be enrolled at once. */
import { serialWords } from '../i18n/serial-words.ts';
import { t } from '../i18n/translate.ts';
import type { Kiosk } from './kiosk.svelte.ts';
import type { ScanAnswer } from './scans.svelte.ts';

export const scannedElsewhere = (
  { newLocks, go, may }: Pick<Kiosk, 'newLocks' | 'go' | 'may'>,
  serialNumber: string,
): ScanAnswer => {
  const serial = serialWords(serialNumber);
  const isNew = newLocks.current?.locks.some(
    (one) => one.serialNumber === serialNumber && one.enrolment === null,
  );
  if (!isNew) return { good: false, text: t('scan.unknown', { serial }) };
  // Who may not enrol it is told what it is, and no more.
  if (!may('enrol')) return { good: false, text: t('scan.new', { serial }) };
  const run = (): void => go({ name: 'enrol', serialNumbers: [serialNumber] });
  return { good: false, text: t('scan.new', { serial }), action: { label: t('scan.new_action'), run } };
};
