/** A signed journal as somebody else checks it: what was changed in it is found, wherever it was. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { composeEvent, uuid } from '#support/documents.ts';
import { canonicalJson, firstPreviousHash } from '#shared/models/journal-hash.ts';
import { signedJournalText, type SignedJournal } from '#shared/journal/signed-journal.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { fingerprintOf } from '#backend/keys/fingerprint.ts';
import { verifyJournal } from './verify.ts';
import { verdictLines } from './words.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
const key = { kty: 'EC', crv: 'P-256', x, y } as const;
const fingerprint = fingerprintOf(key);

const signed = (statement: SignedJournal['statement'], typ = 'latchpoint-journal-export'): string => {
  const head = Buffer.from(JSON.stringify({ alg: 'ES256', typ })).toString('base64url');
  const body = Buffer.from(canonicalJson(statement)).toString('base64url');
  const mark = sign('sha256', Buffer.from(`${head}.${body}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${head}.${body}.${mark.toString('base64url')}`;
};

/** Events 4 to 8 of a kiosk's journal. */
const whole = (): SignedJournal => {
  const all: AccessEvent[] = [];
  for (let n = 1; n <= 8; n += 1)
    all.push(composeEvent(uuid(n), n * 1_000)(n, all.at(-1)?.hash ?? firstPreviousHash));
  const events = all.slice(3);
  const statement = {
    format: 'latchpoint-journal',
    version: 1,
    signer: 'kiosk',
    kioskId: uuid(1),
    kioskName: 'Counter 2',
    storeId: uuid(2),
    storeName: 'Harbour Street',
    timeZone: 'Europe/Paris',
    exportedAt: 9_000,
    exportedBy: uuid(3),
    events: 5,
    first: 4,
    last: 8,
    previousHash: events[0]?.previousHash ?? null,
    lastHash: events.at(-1)?.hash ?? null,
  } as const;
  return { statement, key, signature: signed(statement), events };
};
const textOf = ({ events, ...frame }: SignedJournal): string =>
  signedJournalText.start(frame) + signedJournalText.events(events, true) + signedJournalText.end;
const faultsOf = (journal: SignedJournal, expected?: string): readonly string[] => {
  const verdict = verifyJournal(textOf(journal), expected);
  if (verdict.kind === 'unreadable') throw new Error(verdict.why);
  return verdict.faults;
};
const changed = (at: number, rest: object): SignedJournal => {
  const journal = whole();
  return { ...journal, events: journal.events.map((event, n) => (n === at ? { ...event, ...rest } : event)) };
};

it('is in order as it was handed out, also with a field that only a later release knows', () => {
  expect(faultsOf(whole())).toEqual([]);
  expect(faultsOf(whole(), `${fingerprint.slice(0, 32).toUpperCase()} ${fingerprint.slice(32)}`)).toEqual([]);
  expect(verifyJournal(textOf(whole()))).toMatchObject({ from: 4_000, until: 8_000, fingerprint });
});

describe('is broken', () => {
  const drop = (from: number, count: number): SignedJournal => {
    const journal = whole();
    const events = journal.events.toSpliced(from, count);
    return { ...journal, events };
  };
  it.each<[string, SignedJournal, string]>([
    ['where an event was changed', changed(2, { staffId: uuid(77) }), 'event 6 is not what it was'],
    ['where a field was added to an event', changed(2, { approver: null }), 'event 6 is not what it was'],
    ['where the first was changed', changed(0, { at: 1 }), 'event 4 is not what it was'],
    ['where one is missing', drop(2, 1), 'event 7 stands where event 6 belongs'],
    ['where the end is cut off', drop(4, 1), 'the last event is not the one that was signed'],
    ['where two changed places', { ...whole(), events: whole().events.toReversed() }, 'event 8 stands where'],
    ['where one cannot be read', changed(1, { hash: 7 }), 'the event at place 2 cannot be read'],
  ])('%s', (_what, journal, fault) => {
    expect(faultsOf(journal)).toEqual([expect.stringContaining(fault)]);
  });

  it('where the end was cut off and the statement made to fit', () => {
    const journal = drop(4, 1);
    const { hash } = journal.events[3] as AccessEvent;
    const statement = { ...journal.statement, events: 4, last: 7, lastHash: hash };
    expect(faultsOf({ ...journal, statement })).toEqual(['the statement is not the one that was signed']);
  });

  it('where it was signed by another key, or for something else', () => {
    const journal = whole();
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const swapped = { ...journal, key: { ...key, x: other.x ?? '', y: other.y ?? '' } };
    expect(faultsOf(swapped)).toEqual(['the signature is not of this key']);
    expect(faultsOf(journal, 'ab'.repeat(32))).toEqual(['it was signed by another key than expected']);
    const misused = { ...journal, signature: signed(journal.statement, 'latchpoint-last-words') };
    expect(faultsOf(misused)).toEqual(['the signature cannot be read']);
  });
});

describe('a file that says one thing to one reader and another to the next is broken', () => {
  const text = textOf(whole());
  const odd = (from: string | RegExp, to: string): readonly string[] => {
    const verdict = verifyJournal(text.replace(from, to));
    if (verdict.kind === 'unreadable') throw new Error(verdict.why);
    return verdict.faults;
  };
  it.each<[string, string | RegExp, string, string]>([
    [
      'by a doubled member of an event',
      '"kind":',
      '"kind":"unlocked","kind":',
      'a member stands twice in one object: kind',
    ],
    [
      'by one that is written otherwise',
      '"kind":',
      '"\\u006bind":"unlocked","kind":',
      'a member stands twice',
    ],
    [
      'by a doubled member of the statement',
      '"kioskName":',
      '"kioskName":"Other","kioskName":',
      'stands twice',
    ],
    [
      'by all events, twice',
      '"events": [',
      '"events": [],\n"events": [',
      'stands twice in one object: events',
    ],
    ['by a member of every object', '"kind":', '"__proto__":{"staffId":null},"kind":', '__proto__'],
    ['by a number in another form', '"at":5000', '"at":5e3', 'a number that is read as another: 5e3'],
    ['by one that is rounded', '"at":5000', '"later":9007199254740993,"at":5000', 'is read as another'],
    [
      'by nesting without end',
      '"kind":',
      `"later":${'['.repeat(90_000)}${']'.repeat(90_000)},"kind":`,
      'too deeply',
    ],
  ])('%s', (_what, from, to, fault) => {
    expect(odd(from, to)).toEqual([expect.stringContaining(fault)]);
  });

  it('and a time that is none is no reason to give up', () => {
    expect(faultsOf(changed(0, { at: 9e15 }))).toEqual(['the event at place 1 cannot be read']);
    const { statement } = whole();
    const late = { ...whole(), statement: { ...statement, exportedAt: 9e15 } };
    expect(verifyJournal(textOf(late))).toMatchObject({ kind: 'unreadable' });
    for (const journal of [changed(0, { at: 9e15 }), changed(4, { at: -1 }), late])
      expect(verdictLines(verifyJournal(textOf(journal)), false).join()).toMatch(/BROKEN|CANNOT BE CHECKED/);
  });

  it('and what would steer a terminal is shown, not sent to it', () => {
    const journal = whole();
    const kioskName = 'Counter\u001b[2K\u001b[1A\rOK\u202e 2\n';
    const statement = { ...journal.statement, kioskName };
    const lines = verdictLines(
      verifyJournal(textOf({ ...journal, statement, signature: signed(statement) })),
      false,
    );
    expect(lines.at(-1)).toContain('OK: ');
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines).toContainEqual(
      expect.stringContaining('Counter\\u{1b}[2K\\u{1b}[1A\\u{d}OK\\u{202e} 2\\u{a}'),
    );
  });
});

it.each(['', 'no JSON', '{}', '[]', JSON.stringify({ ...whole(), statement: { format: 'other' } })])(
  'what is no signed journal is said to be none: %s',
  (text) => {
    expect(verifyJournal(text)).toMatchObject({ kind: 'unreadable' });
  },
);

describe('the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-verify-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (text: string | null, ...more: string[]) => {
    const file = join(folder, 'journal.json');
    if (text !== null) writeFileSync(file, text);
    const args = ['build/scripts/verify-journal.ts', ...(text === null ? [] : [file]), ...more];
    const { status, stdout } = spawnSync(process.execPath, ['--no-warnings', ...args], { encoding: 'utf8' });
    return { status, last: stdout.trim().split('\n').at(-1) };
  };

  it('ends with 0, 1 or 2', () => {
    expect(run(textOf(whole()))).toEqual({
      status: 0,
      last: 'OK: the chain is unbroken and the signature is right',
    });
    expect(run(textOf(changed(2, { at: 1 })))).toEqual({
      status: 1,
      last: 'BROKEN: event 6 is not what it was when it was recorded',
    });
    expect(run(textOf(whole()), '--fingerprint', '00')).toMatchObject({ status: 1 });
    expect(run('{')).toEqual({ status: 2, last: 'CANNOT BE CHECKED: it is no JSON' });
    expect(run(null)).toMatchObject({ status: 2 });
  });
});
