import { expect, test } from 'vitest';
import { askedAgain, isRuleRefusal, stepOf, type Needs } from './asking-steps.ts';

const choice = { code: 'return', name: 'Return' };
const reasons = { choices: [choice] };
const number = { name: 'Receipt', required: false };

test.each<[string, Needs, Parameters<typeof stepOf>[1], string | null, string]>([
  ['a reason first', { secondPerson: true, reasons }, null, null, 'reason'],
  ['then the second person', { secondPerson: true, reasons }, choice, null, 'person'],
  ['nothing after the reason alone', { secondPerson: false, reasons }, choice, null, 'whole'],
  ['its number', { secondPerson: false, reasons: { ...reasons, number } }, choice, null, 'number'],
  [
    'no number twice, be it empty',
    { secondPerson: false, reasons: { ...reasons, number } },
    choice,
    '',
    'whole',
  ],
  ['the badge before all else', { secondPerson: true, reasons, proof: 'badge' }, choice, null, 'proof'],
  ['the second person alone', { secondPerson: true, reasons: null }, null, null, 'person'],
])('asks for %s', (_what, needs, given, text, step) => {
  expect(stepOf(needs, given, text)).toBe(step);
});

test('what was proved is not asked for again', () => {
  const needs: Needs = { secondPerson: false, reasons: null, proof: 'pin' };
  expect([stepOf(needs, null, null), stepOf(needs, null, null, true)]).toEqual(['proof', 'whole']);
});

test('a wrong PIN of the second person is asked for again; a lock that is refused is not', () => {
  expect(askedAgain('staff.wrong_pin')).toBe('person');
  expect(askedAgain('badge.unknown')).toBe('person');
  expect(askedAgain('rights.badge_needed')).toBe('proof');
  expect(askedAgain('rights.reason_unknown')).toBe('reason');
  expect(askedAgain('rights.not_permitted')).toBe(null);
  expect(askedAgain('lock.link_lost')).toBe(null);
});

test('what a rule refuses is told from what went wrong', () => {
  expect(isRuleRefusal('rights.outside_hours')).toBe(true);
  expect(isRuleRefusal('rights.second_person_needed')).toBe(false);
  expect(isRuleRefusal('lock.refused')).toBe(false);
});
