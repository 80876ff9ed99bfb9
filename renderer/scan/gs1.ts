/**
 * GS1 element strings (GS1 General Specifications, 7.8): elements that each begin with an application identifier. Some kinds have a length that
 * every reader knows; all others end with the separator, which FNC1 comes as, or with the scan.
 */

export const groupSeparator = '\u001d';

/** With their identifiers, by the first two digits of those (7.8, “predefined length”). */
const knownLengths: Readonly<Record<string, number>> = {
  '00': 20,
  '01': 16,
  '02': 16,
  '03': 16,
  '04': 18,
  '20': 4,
  ...Object.fromEntries(['11', '12', '13', '14', '15', '16', '17', '18', '19'].map((first) => [first, 8])),
  ...Object.fromEntries(['31', '32', '33', '34', '35', '36'].map((first) => [first, 10])),
  '41': 16,
};

/** (21), and (01) where it stands first; null where there is none. */
export interface Elements {
  readonly serial: string | null;
  readonly product: string | null;
}

const none: Elements = { serial: null, product: null };

/** `text`: without what says that it is GS1. What is no element string has neither. */
export const readElements = (text: string): Elements => {
  const product = /^01(\d{14})/.exec(text)?.[1] ?? null;
  let rest = text;
  while (rest !== '') {
    const known = knownLengths[rest.slice(0, 2)];
    const end = known ?? (rest.includes(groupSeparator) ? rest.indexOf(groupSeparator) : rest.length);
    const element = rest.slice(0, end);
    if (element.length < end || !/^\d\d./.test(element)) return none;
    if (element.startsWith('21')) return { serial: element.slice(2), product };
    rest = rest.slice(end);
    if (rest.startsWith(groupSeparator)) rest = rest.slice(1);
  }
  return { serial: null, product };
};
