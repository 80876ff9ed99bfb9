/**
 * Two spellings of a group that are one to whoever reads them: case, Unicode form and spaces aside. Accents are not: in many scripts
 * a mark is what tells two words apart, and a rule must never reach a group that is not meant.
 */
export const groupKey = (group: string | null): string =>
  (group ?? '').normalize('NFKC').trim().replace(/\s+/gu, ' ').toUpperCase().normalize('NFC');
