/**
 * A page without what it uses of no schema. It checks values: it describes none as JSON Schema, and nobody reads there in which words
 * a value is refused. In the library each schema refers to all of it, so that no bundler can tell.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

const describing = /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/;
const sentences = /[\\/]zod[\\/]v4[\\/]locales[\\/]en\.js$/;
const exported = /^export (?:const|function) (\w+)/gm;
const renamed = /^export \{ (\w+) as (\w+) \};$/gm;
const anyExport = /^export /gm;
/** As the library's module of a language ends. */
const ofLanguage = /^export default function \(\) \{\s+return \{\s+localeError: error\(\),\s+\};\s+\}/m;

/** A module with the names of `source`, each of which throws when it is called. Throws where it exports in a way that is not known. */
export const namesThatThrow = (source: string): string => {
  const names = [...source.matchAll(exported)].map(([, name = '']) => name);
  const others = [...source.matchAll(renamed)].map(([, of = '', as = '']) => ({ of, as }));
  const known = others.every(({ of }) => names.includes(of));
  if (names.length === 0 || !known || names.length + others.length !== [...source.matchAll(anyExport)].length)
    throw new Error('The library writes its JSON Schema in another way');
  return [
    `const none = () => { throw new Error('No JSON Schema in the page'); };`,
    `export { ${[...names, ...others.map(({ as }) => as)].map((name) => `none as ${name}`).join(', ')} };`,
  ].join('\n');
};

/** A language with one sentence for all. Throws where `source` is no module of a language. */
export const oneSentence = (source: string): string => {
  if (!ofLanguage.test(source)) throw new Error('The library has its sentences in another way');
  return `export default () => ({ localeError: () => 'Invalid input' });`;
};

export const leanSchemas: Plugin = {
  name: 'lean-schemas',
  enforce: 'pre',
  load: async (id) => {
    if (describing.test(id)) return namesThatThrow(await readFile(id, 'utf8'));
    if (sentences.test(id)) return oneSentence(await readFile(id, 'utf8'));
    return null;
  },
};
