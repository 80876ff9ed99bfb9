/** What is on the screen is in the message files: no component has words of its own. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

/** Attributes and properties that a person reads or hears. */
const said =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|legend|text|hint|intro|lines)$/;
const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text);

const isNode = (value: unknown): value is AST.SvelteNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Every literal that the markup under `node` would show. */
const literals = (node: AST.SvelteNode): readonly string[] => {
  if (node.type === 'Text') return hasWords(node.data) ? [node.data.trim()] : [];
  if (node.type === 'Attribute') {
    if (!said.test(node.name) || node.value === true) return [];
    const parts = Array.isArray(node.value) ? node.value : [node.value];
    return parts.flatMap((part) => (part.type === 'Text' && hasWords(part.data) ? [part.data] : []));
  }
  if (node.type === 'ExpressionTag') {
    const { expression } = node;
    return expression.type === 'Literal' && hasWords(String(expression.value))
      ? [String(expression.value)]
      : [];
  }
  return Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter(isNode).flatMap(literals),
  );
};

const wordsIn = (source: string): readonly string[] => literals(parse(source, { modern: true }).fragment);

const folder = fileURLToPath(new URL('..', import.meta.url));
const components = globSync('**/*.svelte', { cwd: folder });

describe('no component has words of its own', () => {
  it.each(components)('%s', (component) => {
    expect(wordsIn(readFileSync(`${folder}${component}`, 'utf8'))).toEqual([]);
  });

  it('nor would one go unseen', () => {
    expect(components.length).toBeGreaterThan(40);
    expect(wordsIn('<p>Open <b>now</b></p>')).toEqual(['Open', 'now']);
    expect(wordsIn('{#if a}<button aria-label="Close">×</button>{/if}')).toEqual(['Close']);
    expect(wordsIn(`{#each a as one}<Field hint="Type it" />{'Here'}{/each}`)).toEqual(['Type it', 'Here']);
    expect(wordsIn('<p class="name">{t(a)} × 3 s</p>')).toEqual([]);
  });
});
