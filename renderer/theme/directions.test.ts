/** Styles say start and end: which side that is depends on the language. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const styles = globSync('**/*.{svelte,css}', { cwd: folder });
/** A property of one side, a value that is one, or four values of which the sides differ. */
const sided =
  /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)\b|(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b|(?:margin|padding|inset)\s*:\s*\S+ (\S+) \S+ (?!\1;)\S+;|border-radius\s*:\s*\S+ \S+)/g;

const sidesIn = (source: string): readonly string[] => {
  const css = source.includes('<style>') ? source.slice(source.indexOf('<style>')) : source;
  return [...css.matchAll(sided)].map(([found]) => found.trim());
};

it.each(
  styles.filter(
    (file) => file.endsWith('.css') || readFileSync(`${folder}${file}`, 'utf8').includes('<style>'),
  ),
)('%s knows no left and right', (file) => {
  expect(sidesIn(readFileSync(`${folder}${file}`, 'utf8'))).toEqual([]);
});

it('finds what is of one side', () => {
  for (const one of ['margin-left: 1rem;', 'left: 0;', 'text-align: right;', 'padding: 0 1rem 0 2rem;'])
    expect(sidesIn(`<style>p { ${one} }`)).toHaveLength(1);
  for (const one of [
    'margin-inline-start: 1rem;',
    'padding: 0 1rem 2px 1rem;',
    'padding: 0 1rem;',
    'text-align: start;',
  ])
    expect(sidesIn(`<style>p { ${one} }`)).toEqual([]);
});
