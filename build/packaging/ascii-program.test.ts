import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { inAscii } from './ascii-program.ts';

describe('a program in ASCII', () => {
  it.each([
    ['a string', `'“é” — 10 €'`],
    ['a character outside the plane', `'🔒'.codePointAt(0)`],
    ['a backslash before it', String.raw`'\\é'`],
    ['a template', '`é${1}€`'],
    ['a template within one', '`${`é`}`'],
    ['a name', `({ ['é']: 1, ö: 2 })`],
    [
      'an expression, with and without u',
      `['€€🔒', 'a'].map((text) => [/^€+/.test(text), /^[🔒€]+$/u.test(text)])`,
    ],
  ])('does the same with %s', (_what, program) => {
    const plain = inAscii(program);
    expect(Buffer.byteLength(plain)).toBe(plain.length);
    expect(runInThisContext(plain)).toEqual(runInThisContext(program));
  });

  it('that is one already stays as it is', () => {
    const program = String.raw`tag${'`\\u00e9`'}; '\u00e9'`;
    expect(inAscii(program)).toBe(program);
  });

  it.each([
    ['a template that is given to a function', 'String.raw`é`'],
    ['one within it', 'String.raw`a${`é`}`'],
    ['what a backslash stands before', `/\\—/`],
  ])('is refused where it would be another one: %s', (_what, program) => {
    expect(() => inAscii(program)).toThrow();
  });
});
