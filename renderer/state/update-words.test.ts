import { describe, expect, test } from 'vitest';
import { languages } from '#shared/models/language.ts';
import { updateLines, updateLevels } from './update-words.ts';

const now = new Date(2026, 0, 5, 14).getTime();
const view = {
  ...{
    state: 'waiting' as const,
    since: now,
    version: '0.3.0',
    channel: 'updates.example.com',
    ring: 'all' as const,
  },
  ...{ window: { from: '02:00', to: '05:00' }, lookedAt: now },
  offered: { version: '0.3.1', words: { en: 'Faster.', fr: 'Plus vite.' } },
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

  test('has a sentence for each state', () => {
    for (const state of Object.keys(updateLevels) as (keyof typeof updateLevels)[])
      for (const language of languages)
        expect(updateLines({ ...view, state }, now, language).sentence).toMatch(/0\.3\.[01]/);
  });
});
