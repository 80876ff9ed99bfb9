/** What is lent of the credentials of a lock, and to what the kiosk falls back for a lock whose clock is behind. */
import { expect, it } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { trustRow } from '#support/kiosk-rows.ts';
import { chooseIntermediate } from '../vault/lease.ts';
import { createCredentials } from './credentials.ts';
import { judgeReadiness } from './kiosk-readiness.ts';

const now = 1_800_000_000_000;
const serialNumber = '0000051a00000005';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const before = trustRow(now, { trustId: 'before', certificate: base64('before'), notBefore: now - 100 });
const renewed = trustRow(now, {
  trustId: 'renewed',
  certificate: base64('renewed'),
  notBefore: now - 10,
  notAfter: before.notAfter + 10,
});
const tooEarly = fail('lock.chain_refused', { serialNumber, reason: 'intermediate_not_yet_valid' });

/** The intermediates that are tried, one after the other, and the last answer. */
const tried = async (
  trust: readonly (typeof before)[],
  answer: (intermediate: string) => Result<string>,
): Promise<unknown> => {
  const material = { serialNumber, keyCertificate: base64('key'), privateKey: base64('private') };
  const readiness = judgeReadiness({
    radio: 'ready',
    vault: 'ready',
    store: null,
    trust,
    owner: before.owner,
    lastContactAt: now,
    now,
  });
  expect(readiness.intermediate).toEqual(chooseIntermediate(trust, before.owner, now));
  const credentials = createCredentials({
    vault: { open: () => Promise.resolve(ok(material)) },
    data: { keyCertificate: () => Promise.resolve({ serialNumber, sealed: 'sealed', version: 1 }) },
    readiness: () => readiness,
  });
  const names: string[] = [];
  const keys: string[] = [];
  const result = await credentials.lend(serialNumber, base64('device'), (lent) => {
    names.push(Buffer.from(lent.intermediate).toString());
    keys.push(Buffer.from(lent.privateKey).toString());
    return Promise.resolve(answer(names.at(-1) ?? ''));
  });
  expect(new Set(keys)).toEqual(new Set(['private']));
  return [names, result];
};

it('a lock that finds the renewed intermediate too early is shown the one before, once', async () => {
  const slow = (intermediate: string): Result<string> =>
    intermediate === 'renewed' ? tooEarly : ok('opened');
  expect(await tried([before, renewed], slow)).toEqual([['renewed', 'before'], ok('opened')]);
  expect(await tried([before, renewed], () => tooEarly)).toEqual([['renewed', 'before'], tooEarly]);
  expect(await tried([renewed], slow)).toEqual([['renewed'], tooEarly]);
});

it('no other answer is a reason to show it another', async () => {
  const refused = fail('lock.chain_refused', { serialNumber, reason: 'key_epoch_revoked' });
  for (const answer of [refused, fail('lock.outcome_unknown', { serialNumber }), ok('opened')])
    expect(await tried([before, renewed], () => answer)).toEqual([['renewed'], answer]);
});
