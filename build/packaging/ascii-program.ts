/**
 * A program in ASCII alone. V8 keeps the source of what it runs, with one byte for each character unless one of them is beyond Latin-1:
 * a hundred of these in the kiosk's 1.4 million doubled it.
 */
import { parseSync, type Plugin } from 'vite';

const beyondAscii = /(\\*)([\u0080-\uffff])/g;
const isAscii = (text: string): boolean => text.search(beyondAscii) < 0;

/** Parts of templates that are given to a function, which could read them as they are written. */
const taggedIn = (node: unknown, source: string): readonly string[] => {
  if (typeof node !== 'object' || node === null) return [];
  const { type, start, end } = node as { type?: string; start?: number; end?: number };
  return type === 'TaggedTemplateExpression'
    ? [source.slice(start, end)]
    : Object.values(node).flatMap((inner) => taggedIn(inner, source));
};

/** The same program. Throws where it would be another one: in a tagged template, and behind a backslash. */
export const inAscii = (source: string): string => {
  if (isAscii(source)) return source;
  const { program, errors } = parseSync('program.js', source);
  if (errors.length > 0) throw new Error('The program can not be read');
  if (!taggedIn(program, source).every(isAscii))
    throw new Error('A tagged template holds a character that is not ASCII');
  return source.replaceAll(beyondAscii, (_all, backslashes: string, unit: string) => {
    if (backslashes.length % 2 === 1) throw new Error('A character that is not ASCII is escaped');
    return `${backslashes}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
};

export const asciiProgram: Plugin = {
  name: 'ascii-program',
  generateBundle: (_options, files) => {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = inAscii(file.code);
  },
};
