import { describe, expect, it } from 'vitest';
import { errorCodes, errorTable } from '#shared/errors/table.ts';
import en from './en.json';
import { wordError } from './error-words.ts';

const parts = ['title', 'meaning', 'next'] as const;
const now = new Date(2026, 2, 4, 14, 5).getTime();

describe('every error code is worded', () => {
  it.each(errorCodes)('%s says what happened, what it means and what to do', (code) => {
    for (const part of parts) expect(en[`error.${code}.${part}`].trim()).toMatch(/^[A-Z{].*[.}]$/);
  });

  it.each(errorCodes)('%s uses only parameters that exist', (code) => {
    const used = parts.flatMap((part) =>
      [...en[`error.${code}.${part}`].matchAll(/\{(\w+)\s*[,}]/g)].map((match) => match[1]),
    );
    const declared: readonly string[] = errorTable[code].params;
    // Inside a plural, `{One try …}` is a branch: a parameter's name begins in lower case.
    for (const name of used.filter((name) => name && /^[a-z]/.test(name))) expect(declared).toContain(name);
  });

  it.each(errorCodes)('%s can be said, and does not break when a value is missing', (code) => {
    const params = Object.fromEntries(
      errorTable[code].params.map((name) => [name, /At$|until/.test(name) ? now : 2]),
    );
    const words = wordError({ code, params }, now);
    for (const part of parts) expect(words[part]).not.toMatch(/[{}]|undefined|NaN/);
    expect(words.support).toContain(code);
    expect(() => wordError({ code, params: {} }, now)).not.toThrow();
  });

  it('has no wording for a code that does not exist', () => {
    const worded = Object.keys(en).filter((key) => key.startsWith('error.'));
    expect(worded).toHaveLength(errorCodes.length * parts.length);
  });

  it('asks nobody to move what hangs on a wall, or to stand elsewhere than where the kiosk stands', () => {
    for (const [key, words] of Object.entries(en)) {
      expect(`${key}: ${words}`).not.toMatch(
        /\b(stand|step|come|go) (closer|nearer)\b|\bmove (the|this) lock\b|\bout of the way\b/i,
      );
    }
  });

  it.each([
    ['a part of the program', /\bcore\b|\bthis page\b(?! may not talk)/i],
    ['a telephone', /\bcall(s|ing)? the lock\b|\banswer the call\b|\bcalling\b|\btalking to it\b/i],
    ['giving to nobody', /\bgiven? (it )?back\b|\btake it down\b/i],
    ['an expression of machines for a person’s step', /\bcaptur(e|ed|ing)\b|\bqueue\b/i],
    ['a question through a closed door', /\bwho is there\b/i],
    ['what needs no saying', /\bso it stays as it is\b/i],
  ])('has no words of %s', (_what, words) => {
    for (const [key, said] of Object.entries(en)) {
      // What only IT or a developer's page meets.
      if (/^error\.(ipc|operator)\./.test(key) && !key.includes('.disconnected.')) continue;
      expect(`${key}: ${said}`).not.toMatch(new RegExp(`: .*(${words.source})`, words.flags));
    }
  });

  it('avoids the words that tell a person nothing', () => {
    for (const [key, words] of Object.entries(en)) {
      expect(`${key}: ${words}`.toLowerCase().replace(/^[^:]*: /, '')).not.toMatch(
        /\b(error|invalid|failed to|please|oops)\b/,
      );
    }
  });
});

describe('wordError', () => {
  it('says times as people do', () => {
    expect(wordError({ code: 'staff.locked_out', params: { until: now } }, now).meaning).toContain('14:05');
    expect(
      wordError({ code: 'vault.intermediate_expired', params: { expiredAt: now - 86_400_000 } }, now).title,
    ).toContain('on 3 Mar');
  });

  it('says until when something is closed as a sign at a door does', () => {
    const closed = (from: number) =>
      wordError({ code: 'rights.outside_hours', params: { fromAt: from } }, now).title;
    expect(closed(new Date(2026, 2, 4, 18, 0).getTime())).toBe('Closed until 18:00.');
    expect(closed(new Date(2026, 2, 9, 8, 0).getTime())).toBe('Closed until Monday 08:00.');
  });

  it('who begins so far ahead that nobody looked for when begins in more than a year', () => {
    expect(wordError({ code: 'staff.not_yet', params: {} }, now).meaning).toBe(
      'It begins in more than a year.',
    );
  });

  it('says from when on a lock that was asked for opens, and how long such a lock takes', () => {
    const fromAt = new Date(2026, 2, 4, 14, 10).getTime();
    expect(wordError({ code: 'rights.wait_runs', params: { fromAt } }, now).title).toBe(
      'It has been asked for, and opens from 14:10 on.',
    );
    expect(wordError({ code: 'rights.wait_needed', params: { minutes: 1 } }, now).title).toBe(
      'It opens 1 minute after it is asked for.',
    );
  });

  it('offers another try only where it can help', () => {
    expect(wordError({ code: 'lock.not_genuine', params: {} }, now).canRetry).toBe(false);
    expect(wordError({ code: 'lock.link_lost', params: {} }, now).canRetry).toBe(true);
  });

  it('says what a lock’s own refusal means, where it is known', () => {
    const refusedFor = (reason: string) => wordError({ code: 'lock.refused', params: { reason } }, now);
    expect(refusedFor('time_untrusted').next).toMatch(/network/);
    expect(refusedFor('battery_low').next).toMatch(/new battery/);
    expect(refusedFor('jammed').title).toMatch(/stuck/);
  });

  it('says a reason that it does not know in general words, never raw', () => {
    for (const code of ['lock.refused', 'lock.chain_refused', 'enrolment.vendor_refused'] as const) {
      const general = wordError({ code, params: {} }, now);
      for (const reason of ['warp_core', 'constructor', 7]) {
        const { support, ...words } = wordError({ code, params: { reason } }, now);
        expect(support).toBe(`${code} · ${reason}`);
        expect({ ...words, support: code }).toEqual(general);
      }
    }
  });

  it('keeps the reason for support', () => {
    expect(wordError({ code: 'lock.refused', params: { reason: 'jammed' } }, now).support).toBe(
      'lock.refused · jammed',
    );
  });
});
