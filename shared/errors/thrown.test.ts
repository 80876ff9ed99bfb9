/** What the log says of a crash: enough to find the place, and nothing of what was being worked on. */
import { expect, it } from 'vitest';
import { codeOf, describeThrown } from './thrown.ts';

const secret = 'c4n4ry-s3cr3t';
const driverError = (message: string): Error => Object.assign(new Error(message), { name: 'DriverError' });

it.each([
  ['an error', driverError(`the PIN was ${secret}`)],
  [
    'a message of lines that look like places',
    new Error(`no\n    at ${secret}\n    at (${secret}:1:1)\nend`),
  ],
  ['what caused it', new Error('outside', { cause: new Error(secret) })],
  ['several at once', new AggregateError([new Error(secret)], `two ${secret}`)],
  ['a code that is none', Object.assign(new Error('x'), { code: `no ${secret}` })],
  ['a message that is empty', new Error('', { cause: secret })],
  ['no error at all', secret],
  ['an object', { pin: secret }],
])('says nothing of a secret in %s', (_what, thrown) => {
  expect(JSON.stringify(describeThrown(thrown))).not.toContain(secret);
});

it('says of what class it was and where it came from', () => {
  const { thrown, at } = describeThrown(driverError('no\n    at nowhere'));
  expect(thrown).toBe('DriverError');
  expect(String(at)).toMatch(/thrown\.test\.ts/);
  expect(String(at)).not.toMatch(/nowhere/);
  expect(describeThrown(undefined)).toEqual({ thrown: 'undefined' });
});

it('says a code, whoever gave it', () => {
  const refused = Object.assign(new Error(secret), { code: 'ECONNREFUSED' });
  expect(describeThrown(refused)).toMatchObject({ thrown: 'Error', code: 'ECONNREFUSED' });
  expect(describeThrown({ code: '25006' })).toEqual({ thrown: 'object', code: '25006' });
});

it('what has no code has none, whatever it is', () => {
  for (const thrown of [undefined, null, 'ENOENT', new Error('ENOENT'), { code: 2 }])
    expect(codeOf(thrown)).toBe('');
});
