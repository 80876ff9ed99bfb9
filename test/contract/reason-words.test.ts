/** Every reason that a lock, the kiosk or the backend can give beside an error has words of its own, and no others have. */
import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newKeyFaults } from '#backend/trust/judge-new-key.ts';
import { keyFaults } from '#backend/trust/judge.ts';
import { chainReasons } from '#kiosk/link/wire/chain-policy.ts';
import { refusedBy } from '#kiosk/link/kiosk/driver/outcomes.ts';
import { refusals, type Refusal } from '#kiosk/link/wire/results.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import { noAnswers } from '#shared/models/no-answer.ts';
import { apiErrors } from '#simulators/live-lock-api/api-format.ts';
import { reasonGroup, reasonGroups } from '../../renderer/i18n/reason-words.ts';

const words = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL('../../renderer/i18n/en.json', import.meta.url), 'utf8')));
const say = (code: string, part: string, reason: string): string =>
  String(new IntlMessageFormat(words[`error.${code}.${part}`] ?? '', 'en-GB').format({ reason }));

const answers: readonly Refusal[] = [
  ...chainReasons.map((chain) => ({ reason: 'chain', chain }) as const),
  ...refusals.flatMap((reason): Refusal[] => {
    if (reason === 'chain') return [];
    return [reason === 'locked_out' ? { reason, retryAfterSeconds: 60 } : { reason }];
  }),
];
/** As the driver translates what a lock says; refusals that have an error code of their own carry no reason. */
const fromLocks = answers.flatMap((refusal): (readonly [ErrorCode, string])[] => {
  const result = refusedBy('0000051a00000001', refusal);
  if (result.ok || result.error.params.reason === undefined) return [];
  return [[result.error.code, String(result.error.params.reason)]];
});
/** The maker's answers that are final (400 and 422), and what an operator decides. */
const fromBackend = [
  ...Object.entries(apiErrors).flatMap(([reason, status]) =>
    status === 400 || status === 422 ? reason : [],
  ),
  'operator',
].map((reason) => ['enrolment.vendor_refused', reason] as const);
/** What is wrong with the form of a key is the maker's business: a person is told that it can't be used. */
const form: readonly string[] = [
  'certificate_malformed',
  'unknown_critical_extension',
  'key_is_ca',
  'key_usage',
  'key_extended_usage',
  'key_epoch_missing',
];
const wrongKeys = [...new Set([...keyFaults, ...newKeyFaults])]
  .filter((fault) => !form.includes(fault))
  .map((fault) => ['enrolment.wrong_key', fault] as const);
const unanswered = noAnswers.map((why) => ['sync.unreachable', why] as const);
const registrations = (['other_registration', 'not_readable'] as const).map(
  (reason) => ['enrolment.already_registered', reason] as const,
);
const lostTo = [['enrolment.other_kiosk', 'proven'] as const];
const leftBehind = [['enrolment.kiosk_revoked', 'had_been_sent'] as const];
const known = [
  ...fromLocks,
  ...fromBackend,
  ...registrations,
  ...wrongKeys,
  ...lostTo,
  ...leftBehind,
  ...unanswered,
];

describe('a reason that can be given', () => {
  it.each(known)('%s · %s has words of its own', (code, reason) => {
    const group = reasonGroup(code, reason);
    expect(group).not.toBe('other');
    expect(say(code, 'title', group)).not.toBe(say(code, 'title', 'other'));
    for (const part of ['title', 'meaning', 'next']) {
      const said = say(code, part, group);
      expect(said).toMatch(/^[A-Z].*\.$/);
      expect(said).not.toContain(reason.includes('_') ? reason : '{');
    }
  });
});

describe('the words', () => {
  it('are kept for reasons that can be given only', () => {
    const listed = Object.entries(reasonGroups).flatMap(([code, groups]) =>
      Object.keys(groups).map((reason) => `${code} · ${reason}`),
    );
    expect(listed.sort()).toEqual(known.map(([code, reason]) => `${code} · ${reason}`).sort());
  });
});
