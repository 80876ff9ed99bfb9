/**
 * Messages that are read when the page is built. The library that knows ICU's notation is no part of the page then, and a message is not
 * read again at each start of each kiosk.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Plugin } from 'vite';
import { z } from 'zod';
import { isJoined, type Message, type Pieces } from '../../renderer/i18n/messages.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
/** What the elements are that a message of the page may have. */
const kinds: Readonly<Record<number, 'literal' | 'name' | 'number' | 'select' | 'plural' | 'pound'>> = {
  0: 'literal',
  1: 'name',
  2: 'number',
  5: 'select',
  6: 'plural',
  7: 'pound',
};

const piecesOf = (elements: readonly Element[]): Pieces =>
  elements.map((one) => {
    const kind = kinds[one.type];
    if (kind === 'pound') return 0;
    if (kind === undefined || !('value' in one))
      throw new Error('has a kind of piece that the page cannot say');
    if ('options' in one) {
      if ('offset' in one && (one.offset !== 0 || one.pluralType !== 'cardinal'))
        throw new Error('has a plural that the page cannot say');
      const branches = Object.entries(one.options).map(
        ([name, { value }]) => [name, piecesOf(value)] as const,
      );
      const of = Object.fromEntries(branches);
      return kind === 'plural' ? { plural: one.value, of } : { select: one.value, of };
    }
    if ('style' in one && one.style) throw new Error('has a form of number that the page cannot say');
    if (kind === 'number') return { number: one.value };
    return kind === 'name' ? { name: one.value } : one.value;
  });

/** A message as the page has it. Throws, with the message, where it is none or the page could not say it. */
export const readMessage = (message: string): Message => {
  if (isJoined(message)) return message;
  try {
    return piecesOf(new IntlMessageFormat(message, 'en').getAst());
  } catch (error) {
    throw new Error(`The message ${JSON.stringify(message)} cannot be read`, { cause: error });
  }
};

const importer = /[\\/]renderer[\\/]i18n[\\/]dictionaries\.ts$/;
const file = /^\.\/[a-z]{2}\.json$/;
const asked = '?read';
const wordsSchema = z.record(z.string(), z.string());

/** For the page itself: whoever else imports the words has them as they are written. */
export const readMessages: Plugin = {
  name: 'read-messages',
  enforce: 'pre',
  resolveId: (id, from) =>
    from !== undefined && importer.test(from) && file.test(id) ? join(dirname(from), id) + asked : null,
  load: async (id) => {
    if (!id.endsWith(asked)) return null;
    const words = wordsSchema.parse(JSON.parse(await readFile(id.slice(0, -asked.length), 'utf8')));
    const read = Object.entries(words).map(([key, message]) => [key, readMessage(message)] as const);
    return { code: `export default ${JSON.stringify(Object.fromEntries(read))};`, moduleType: 'js' };
  },
};
