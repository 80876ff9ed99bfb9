import { afterEach, expect, test } from 'vitest';
import { proofPurposes } from '#shared/models/access-event.ts';
import { speak } from '../i18n/translate.ts';
import { saidWords } from './activity-words.ts';

afterEach(() => speak(() => 'en'));

const row = (name: string | null): Parameters<typeof saidWords>[0] => ({
  eventId: '50000000-0000-4000-8000-000000000001',
  sequence: 1,
  at: 0,
  day: '2026-11-30',
  basis: 'recorded',
  kind: 'sign_in_refused',
  outcome: 'refused',
  person: name === null ? null : { staffId: '50000000-0000-4000-8000-000000000002', name },
  approver: null,
  method: null,
  lock: null,
  group: null,
  reason: null,
  waited: null,
  errorCode: 'badge.unknown',
  tookMs: null,
  offline: false,
  alarm: null,
  renaming: null,
  clockSetByMs: null,
  exported: null,
  servedSeconds: null,
  sweep: null,
  delivery: { state: 'held', since: null },
});

test.each([
  ['en', 'Somebody was not signed in', 'was not signed in'],
  ['fr', 'Quelqu’un n’a pas été connecté', 'n’a pas été connecté'],
  ['de', 'Jemand wurde nicht angemeldet', 'wurde nicht angemeldet'],
  ['es', 'Alguien no pudo iniciar sesión', 'no pudo iniciar sesión'],
] as const)('whose badge nobody knows is somebody: %s', (language, somebody, named) => {
  speak(() => language);
  expect(saidWords(row(null))).toBe(somebody);
  expect(saidWords(row('Tom'))).toBe(named);
});

test.each([
  ['en', 'could not confirm an opening', 'could not leave the kiosk'],
  ['fr', 'n’a pas pu confirmer une ouverture', 'n’a pas pu quitter la borne'],
  ['de', 'konnte eine Öffnung nicht bestätigen', 'konnte das Terminal nicht verlassen'],
  ['es', 'no pudo confirmar una apertura', 'no pudo salir del terminal'],
] as const)('who was refused is told as what they tried: %s', (language, confirms, leaves) => {
  speak(() => language);
  expect(saidWords({ ...row('Tom'), purpose: 'second_person' })).toBe(confirms);
  expect(saidWords({ ...row('Tom'), purpose: 'leave' })).toBe(leaves);
});

test('and so where nobody knows who it was', () => {
  expect(proofPurposes.map((purpose) => saidWords({ ...row(null), purpose }))).toEqual([
    'Somebody could not prove who they are, for an opening',
    'Somebody could not confirm an opening',
    'Somebody could not let somebody in again',
    'Somebody could not take a copy away',
    'Somebody could not leave the kiosk',
  ]);
});
