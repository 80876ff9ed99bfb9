import { describe, expect, onTestFinished, test } from 'vitest';
import { languages } from '#shared/models/language.ts';
import { wordError } from '../i18n/error-words.ts';
import { speak } from '../i18n/translate.ts';
import { asksWhen, isByNight, newsWords, updateLines, updateLevels } from './update-words.ts';

const now = new Date(2026, 0, 5, 14).getTime();
const view = {
  state: 'waiting' as const,
  since: now,
  version: '0.3.0',
  channel: 'updates.example.com',
  ring: 'all' as const,
  window: { from: '02:00', to: '05:00' },
  lookedAt: now,
  offered: { version: '0.3.1', words: { en: 'Faster.', fr: 'Plus vite.' }, urgent: false },
};

describe('what Health says of updates', () => {
  test('names what waits and when it is installed', () => {
    const { sentence, more } = updateLines(view, now, 'en');
    expect(sentence).toContain('Version 0.3.1 will be installed between 02:00 and 05:00');
    expect(more).toEqual(['What it brings: Faster.']);
  });

  test.each([
    ['fr', 'Plus vite.'],
    ['de', 'Faster.'],
  ] as const)('says in %s what it brings, in English where nobody has written more', (language, words) => {
    expect(updateLines(view, now, language).more.join()).toContain(words);
  });

  test('says of one that was installed when that was, and of none what a version brings that is not coming', () => {
    const { offered, ...rest } = view;
    expect(
      updateLines({ ...rest, state: 'current', version: '0.3.1', updatedAt: now - 60_000 }, now, 'en').more,
    ).toEqual(['Updated to version 0.3.1 at 13:59.']);
    expect(updateLines({ ...rest, offered, state: 'problem' }, now, 'en').more).toEqual([]);
  });

  test('says how much of a download is there', () => {
    expect(updateLines({ ...view, state: 'downloading', percent: 42 }, now, 'en').more[0]).toBe(
      '42% of it is here.',
    );
  });

  test('says of what is urgent that it does not wait for the night', () => {
    const { offered, ...rest } = view;
    const urgent = { ...rest, offered: { ...offered, urgent: true } };
    for (const language of languages) {
      expect(updateLines({ ...urgent, state: 'waiting' }, now, language).sentence).not.toContain('02:00');
      expect(updateLines({ ...view, state: 'waiting' }, now, language).sentence).toContain('02:00');
    }
  });

  test('has a sentence for each state', () => {
    for (const state of Object.keys(updateLevels) as (keyof typeof updateLevels)[])
      for (const language of languages)
        expect(updateLines({ ...view, state }, now, language).sentence).toMatch(/0\.3\.[01]/);
  });
});

describe('what is said of an update beside Health', () => {
  // What is urgent, or was given up, waits for no night.
  test.each(languages)(
    'says of a kiosk that is busy nothing that holds only of some updates (%s)',
    (language) => {
      speak(() => language);
      onTestFinished(() => speak(() => 'en'));
      expect(wordError({ code: 'update.kiosk_busy', params: {} }, now).next).not.toMatch(
        /night|nuit|Nacht|noche/,
      );
    },
  );

  const offer = { version: '0.3.1', words: {}, urgent: false, window: view.window, tonight: false };

  test('asks when only of what would come by itself and of which nobody has said so yet', () => {
    const givenUp = { code: 'update.given_up', params: { version: '0.3.1', installed: '0.3.0' } } as const;
    const refused = { code: 'update.not_installed', params: { version: '0.3.1', why: 'room' } } as const;
    expect(asksWhen(undefined)).toBe(false);
    expect(asksWhen({ offer })).toBe(true);
    expect(asksWhen({ offer: { ...offer, problem: refused } })).toBe(true);
    expect(asksWhen({ offer: { ...offer, tonight: true } })).toBe(false);
    expect(asksWhen({ offer: { ...offer, problem: givenUp } })).toBe(false);
  });

  test.each([
    ['02:00', true],
    ['22:30', true],
    ['05:59', true],
    ['06:00', false],
    ['12:00', false],
  ])('calls a window from %s the night: %s', (from, isNight) => {
    expect(isByNight({ from, to: '13:00' })).toBe(isNight);
  });

  test('says when one was installed, and to what was gone back', () => {
    expect(newsWords({ what: 'installed', at: now - 60_000 }, now)).toBe('Updated at 13:59.');
    expect(newsWords({ what: 'went_back', at: now - 60_000, version: '0.3.0' }, now)).toMatch(
      /^13:59: went back to version 0\.3\.0\. Everything works/,
    );
  });
});
