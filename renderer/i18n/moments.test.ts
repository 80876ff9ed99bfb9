/** Points of time, numbers and names as people of each language say them. */
import { afterEach, describe, expect, it } from 'vitest';
import { languages, type Language } from '#shared/models/language.ts';
import { wordError } from './error-words.ts';
import { percentWords, tenths } from './number-words.ts';
import { agoWords, pointWords, soonWords, spanWords, whenWords } from './time-words.ts';
import { byName, direction, speak, t } from './translate.ts';

const now = new Date(2026, 11, 4, 9, 30).getTime();
const today = new Date(2026, 11, 4, 14, 5).getTime();
const friday = new Date(2026, 11, 11, 14, 5).getTime();
const sixth = new Date(2026, 11, 6).getTime();
const nextYear = new Date(2027, 0, 1).getTime();

const inLanguage = <T>(language: Language, say: () => T): T => {
  speak(() => language);
  return say();
};
afterEach(() => speak(() => 'en'));
/** Which kind of space it is, is the language's. */
const plain = (words: string): string => words.replace(/[\u00a0\u202f]/g, ' ');

describe.each([
  {
    language: 'en',
    points: ['14:05', '6 Dec', '1 Jan 2027', 'Fri 14:05'],
    until: ['until 14:05', 'until 6 Dec', 'Offline, opens until 6 Dec', 'Offline, opens until Fri 14:05'],
    when: ['at 14:05', 'on 6 Dec'],
    ago: ['just now', 'a minute ago', '5 minutes ago'],
    spans: ['one second', '3 minutes', '2 days'],
    numbers: ['84%', '1.2'],
    counted: ['one lock', '2 locks'],
  },
  {
    language: 'fr',
    points: ['14:05', '6 déc.', '1 janv. 2027', 'ven. 14:05'],
    until: [
      'jusqu’à 14:05',
      'jusqu’au 6 déc.',
      'Hors ligne, ouvre jusqu’au 6 déc.',
      'Hors ligne, ouvre jusqu’à ven. 14:05',
    ],
    when: ['à 14:05', 'le 6 déc.'],
    ago: ['à l’instant', 'il y a une minute', 'il y a 5 minutes'],
    spans: ['1 seconde', '3 minutes', '2 jours'],
    numbers: ['84 %', '1,2'],
    counted: ['une serrure', '2 serrures'],
  },
  {
    language: 'de',
    points: ['14:05', '6. Dez.', '1. Jan. 2027', 'Fr 14:05'],
    until: ['bis 14:05', 'bis 6. Dez.', 'Offline, öffnet bis 6. Dez.', 'Offline, öffnet bis Fr 14:05'],
    when: ['um 14:05 Uhr', 'am 6. Dez.'],
    ago: ['gerade eben', 'vor einer Minute', 'vor 5 Minuten'],
    spans: ['eine Sekunde', '3 Minuten', '2 Tage'],
    numbers: ['84 %', '1,2'],
    counted: ['ein Schloss', '2 Schlösser'],
  },
  {
    language: 'es',
    points: ['14:05', '6 dic', '1 ene 2027', 'vie 14:05'],
    until: [
      'hasta las 14:05',
      'hasta el 6 dic',
      'Sin conexión; abre hasta el 6 dic',
      'Sin conexión; abre hasta el vie 14:05',
    ],
    when: ['a las 14:05', 'el 6 dic'],
    ago: ['ahora mismo', 'hace un minuto', 'hace 5 minutos'],
    spans: ['un segundo', '3 minutos', '2 días'],
    numbers: ['84 %', '1,2'],
    counted: ['una cerradura', '2 cerraduras'],
  },
] as const)('in $language', ({ language, ...said }) => {
  it('points of time have their form, and the word before them theirs', () => {
    inLanguage(language, () => {
      const points = [
        pointWords(today, now),
        pointWords(sixth, now),
        pointWords(nextYear, now),
        soonWords(friday, now),
      ];
      expect(points.map(({ words }) => words)).toEqual(said.points);
      expect(points.map(({ kind }) => kind)).toEqual(['time', 'date', 'date', 'weekday']);
      const [time, date] = [pointWords(today, now), pointWords(sixth, now)];
      expect([
        t('sheet.until', { until: time }),
        t('sheet.until', { until: date }),
        t('pill.offline_until', { until: date }),
        t('pill.offline_until', { until: soonWords(friday, now) }),
      ]).toEqual(said.until);
      expect([whenWords(today, now).words, whenWords(sixth, now).words]).toEqual(said.when);
    });
  });

  it('what was, and how long it takes, is said with the plural of the language', () => {
    inLanguage(language, () => {
      expect([5_000, 60_000, 300_000].map((ago) => agoWords(now - ago, now))).toEqual(said.ago);
      expect([1_000, 180_000, 172_800_000].map((ms) => spanWords(ms))).toEqual(said.spans);
      expect([1, 2].map((count) => t('counter.count', { count }))).toEqual(said.counted);
    });
  });

  it('numbers have the language’s comma and space', () => {
    inLanguage(language, () => expect([percentWords(84), tenths(1_290)].map(plain)).toEqual(said.numbers));
  });
});

describe('in every language', () => {
  it.each(languages)(
    '%s: no sentence ends with two full stops after a short month or name, and an error can be said',
    (language) => {
      inLanguage(language, () => {
        const until = pointWords(sixth, now);
        const words = wordError({ code: 'staff.locked_out', params: { until: sixth } }, now);
        const expired = wordError({ code: 'vault.intermediate_expired', params: { expiredAt: sixth } }, now);
        const sentences = [
          words.meaning,
          expired.title,
          t('health.certificates.valid', { until }),
          t('health.lease.valid', { until }),
          t('health.lease.expired', { since: until }),
          t('refused.who', { names: 'Priya R.' }),
          t('idle.ended', { name: 'Priya R.' }),
        ];
        for (const sentence of sentences) expect(sentence).not.toMatch(/\.\.|[{}]/);
        expect(wordError({ code: 'staff.locked_out', params: {} }, now).meaning).toContain('–');
      });
    },
  );

  it.each(languages)('%s: is read from the left', (language) => {
    inLanguage(language, () => expect(direction()).toBe('ltr'));
  });

  it('names stand where readers of the language look for them, and numbers in their order', () => {
    const names = ['Nube 10', 'Ñu', 'Nube 2', 'Ola', 'Ärmel', 'Zoo', 'Arm'];
    const sorted = (language: Language): readonly string[] =>
      inLanguage(language, () => [...names].sort(byName));
    expect(sorted('es')).toEqual(['Arm', 'Ärmel', 'Nube 2', 'Nube 10', 'Ñu', 'Ola', 'Zoo']);
    expect(sorted('de')).toEqual(['Arm', 'Ärmel', 'Ñu', 'Nube 2', 'Nube 10', 'Ola', 'Zoo']);
  });
});
