/** Finding a lock by name, group or serial number. */
import removeAccents from 'remove-accents';

interface Findable {
  readonly serialNumber: string;
  readonly name: string;
  readonly group: string;
}

/**
 * Lower case and without accents, also of letters that Unicode does not take apart: people type "creme" and "Lodz", the tile
 * says "Crème" and "Łódź"; and with the one apostrophe that keyboards have.
 */
export const plain = (text: string): string =>
  removeAccents(text.normalize('NFD').replace(/\p{M}/gu, ''))
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[’ʼ]/g, "'");

/** What a lock is found by; kept with the lock, because every key of a search asks for it again. */
const texts = new WeakMap<Findable, string>();
const textOf = (lock: Findable): string => {
  const known = texts.get(lock);
  if (known !== undefined) return known;
  const text = plain(`${lock.name} ${lock.group}`);
  texts.set(lock, text);
  return text;
};

/** From how many characters on a query is also looked for inside serial numbers: fewer match nearly every lock. */
const serialFrom = 3;

/**
 * A test for `query`: every word has to occur in the name or the group, or the whole query, spaces left out, in the serial
 * number, as a scanner or a person reading the label gives it. An empty query matches everything.
 */
export const matcher = (query: string): ((lock: Findable) => boolean) => {
  const words = plain(query).split(/\s+/).filter(Boolean);
  // Asked for every lock with each view: nothing is read of any.
  if (words.length === 0) return () => true;
  const digits = words.join('');
  const bySerial = digits.length >= serialFrom && /^[0-9a-f]+$/.test(digits);
  return (lock) => {
    if (bySerial && lock.serialNumber.includes(digits)) return true;
    const text = textOf(lock);
    return words.every((word) => text.includes(word));
  };
};
