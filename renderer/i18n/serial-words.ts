import { t } from './translate.ts';

/** A serial number in groups of four, as it stands on the lock's label. */
export const serialWords = (serialNumber: string): string => serialNumber.replace(/(.{4})(?=.)/g, '$1 ');

/** The end of a serial number: enough to tell two locks of a store apart. */
export const serialTail = (serialNumber: string): string => `…${serialNumber.slice(-4)}`;

/** A spare has no name: it is in no place. */
export const spareWords = ({ serialNumber }: { readonly serialNumber: string }): string =>
  t('counter.spare', { serial: serialTail(serialNumber) });
