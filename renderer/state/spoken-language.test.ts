import { describe, expect, it } from 'vitest';
import {
  chosenAfter,
  computersLanguage,
  isPassing,
  spokenLanguage,
  type Speaker,
} from './spoken-language.ts';

const session = (staffId: string, language?: 'fr' | 'de'): Speaker['session'] => ({
  staffId,
  name: 'Ada',
  language,
  idleAt: 0,
  permissions: [],
  roles: [],
});
const view = (as: Partial<Speaker> = {}): Speaker => ({ phase: 'ready', session: null, ...as });

describe('the language that the page speaks', () => {
  it.each([
    ['the person’s own', null, view({ language: 'es', session: session('a', 'fr') }), 'fr'],
    ['the store’s with whoever has none', null, view({ language: 'es', session: session('a') }), 'es'],
    ['the store’s before', null, view({ language: 'es' }), 'es'],
    ['the computer’s where the store has none', null, view(), 'de'],
    ['the computer’s before there is a view', null, null, 'de'],
    ['what was chosen before all of them', 'en', view({ language: 'es', session: session('a', 'fr') }), 'en'],
  ] as const)('is %s', (_what, chosen, as, language) => {
    expect(spokenLanguage(chosen, as, 'de')).toBe(language);
  });

  it.each([
    [['de-AT', 'en'], 'de'],
    [['nl-NL', 'fr-BE'], 'fr'],
    [['ES'], 'es'],
    [['nl'], 'en'],
    [[], 'en'],
  ] as const)('is, of a computer set to %j, %s', (preferred, language) => {
    expect(computersLanguage(preferred)).toBe(language);
  });
});

describe('a language that somebody has chosen', () => {
  it('stays while the same person is there', () => {
    expect(chosenAfter('de', view(), view({ language: 'fr' }))).toBe('de');
    expect(
      chosenAfter('de', view({ session: session('a', 'fr') }), view({ session: session('a', 'fr') })),
    ).toBe('de');
  });

  it('gives way to the own language of whoever signs in, and to none', () => {
    expect(chosenAfter('de', view(), view({ session: session('a', 'fr') }))).toBeNull();
    expect(chosenAfter('de', view(), view({ session: session('a') }))).toBe('de');
  });

  it('goes with whoever signs out, or is signed out for somebody else', () => {
    expect(chosenAfter('de', view({ session: session('a') }), view())).toBeNull();
    expect(chosenAfter('de', view({ session: session('a') }), view({ session: session('b') }))).toBeNull();
  });

  it('is forgotten on a screen that nobody touches only where somebody else may come to sign in', () => {
    expect(isPassing(view())).toBe(true);
    expect(isPassing(view({ session: session('a') }))).toBe(false);
    expect(isPassing(view({ phase: 'unregistered' }))).toBe(false);
  });
});
