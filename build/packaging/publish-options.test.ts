import { expect, test } from 'vitest';
import { parsePublishOptions } from './publish-options.ts';

const now = Date.parse('2026-11-30T17:00:00.700Z');
const sign = 'sign --key k.pem --version 0.3.1 --from 0.3.0 --to out --package linux-x64=a.deb';
const parse = (line: string) => parsePublishOptions(line.split(' ').filter(Boolean), now);

test('keys go into a folder', () => {
  expect(parse('keys --to DIR')).toEqual({ command: 'keys', to: 'DIR' });
});

test('a manifest is for nobody, for two weeks and for the night, unless somebody says otherwise', () => {
  expect(parse(sign)).toEqual({
    command: 'sign',
    key: 'k.pem',
    version: '0.3.1',
    from: '0.3.0',
    to: 'out',
    issuedAt: Date.parse('2026-11-30T17:00:00Z'),
    days: 14,
    packages: [['linux-x64', 'a.deb']],
    rings: {},
    stores: [],
    words: {},
    urgent: false,
  });
});

test('every option is read', () => {
  const more = '--ring pilot=100 --ring all=5 --store a --store b --days 3 --words en=Faster. --urgent';
  expect(parse(`${sign} ${more} --issued 2026-01-05T08:00:00Z`)).toMatchObject({
    issuedAt: Date.parse('2026-01-05T08:00:00Z'),
    days: 3,
    rings: { pilot: 100, all: 5 },
    stores: ['a', 'b'],
    words: { en: 'Faster.' },
    urgent: true,
  });
});

test.each([
  ['', 'What? It is keys or sign'],
  ['show', 'show? It is keys or sign'],
  ['keys', '--to is missing'],
  ['keys --to out --urgent', "Unknown option '--urgent'"],
  [sign.replace('--from 0.3.0', ''), '--from is missing'],
  [
    sign.replace('--version 0.3.1', '--version v0.3.1'),
    '--version takes a version such as 0.3.1, and was given v0.3.1',
  ],
  [
    sign.replace('--from 0.3.0', '--from 0.3.1'),
    '--from 0.3.1 is not before --version 0.3.1: no kiosk would take it',
  ],
  [sign.replace('--from 0.3.0', '--from 0.10.0'), '--from 0.10.0 is not before --version 0.3.1'],
  [sign.replace('--package linux-x64=a.deb', ''), '--package is missing'],
  [sign.replace('linux-x64=a.deb', 'a.deb'), '--package takes linux-x64=FILE, and was given a.deb'],
  // A ring that nobody is in reaches nobody, and nobody would see why.
  [`${sign} --ring erly=10`, '--ring erly=10: there is no erly; there are pilot, early, all'],
  [`${sign} --ring all=10 --ring all=20`, '--ring names all twice'],
  [`${sign} --ring all=101`, '--ring all takes a whole number from 0 to 100, and was given 101'],
  [`${sign} --ring all=x`, '--ring all takes a whole number from 0 to 100, and was given x'],
  [`${sign} --words it=Ecco`, '--words it=Ecco: there is no it; there are en, fr, de, es'],
  [`${sign} --days 0`, '--days takes a whole number from 1 to 3650, and was given 0'],
  [`${sign} --issued yesterday`, '--issued takes a time'],
])('“%s” is refused, and what is right is named', (line, problem) => {
  expect(() => parse(line)).toThrow(problem);
});
