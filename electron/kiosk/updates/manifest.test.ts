import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelKeys, manifestBody, manifestOf, signManifest, signText } from '#support/update-channel.ts';
import { compareVersions, mostManifestBytes, readManifest, type Manifest } from './manifest.ts';
import { updateKeyOf } from './proof.ts';

const { publicKey, privateKey } = channelKeys();
const read = (bytes: Uint8Array) => readManifest(bytes, publicKey);
const codeOf = (bytes: Uint8Array): string => {
  const result = read(bytes);
  return result.ok ? 'ok' : result.error.code;
};

const version = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => parts.join('.'));
const seconds = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map((at) => at * 1000);
const share = fc.option(fc.nat(100), { nil: undefined });
const anyManifest = fc
  .record({
    version,
    from: version,
    issuedAt: seconds,
    lastsMs: fc.integer({ min: 1, max: 90 }).map((days) => days * 86_400_000),
    dataVersion: fc.nat(999),
    urgent: fc.boolean(),
    rings: fc.record({ pilot: share, early: share, all: share }),
    stores: fc.uniqueArray(fc.uuid(), { maxLength: 5 }),
    bytes: fc.integer({ min: 1, max: 1024 * 1024 * 1024 }),
    words: fc.constantFrom({}, { en: 'Faster.' }, { fr: 'Plus vite : œuvré.', de: 'Größer' }),
  })
  .map(({ lastsMs, stores, bytes, ...rest }): Manifest => {
    const packages = new Map([
      ['linux-x64', { file: `latchpoint_${rest.version}_amd64.deb`, bytes, sha256: 'b'.repeat(64) }],
    ]);
    const rings = Object.fromEntries(Object.entries(rest.rings).filter(([, value]) => value !== undefined));
    return { ...rest, rings, packages, stores: new Set(stores), expiresAt: rest.issuedAt + lastsMs };
  });

describe('a manifest', () => {
  test('comes back as it was signed, whatever it says', () => {
    fc.assert(
      fc.property(anyManifest, (manifest) => {
        expect(read(signManifest(manifest, privateKey))).toEqual({ ok: true, value: manifest });
      }),
    );
  });

  test('of which one byte was changed, taken out or put in is none', () => {
    const signed = signManifest(manifestOf(), privateKey);
    const body = signed.lastIndexOf('signature');
    fc.assert(
      fc.property(fc.nat(body - 1), fc.integer({ min: 1, max: 255 }), fc.nat(2), (at, by, how) => {
        const [head, one, rest] = [signed.subarray(0, at), signed.readUInt8(at), signed.subarray(at)];
        const put = Buffer.from([how === 0 ? one ^ by : by]);
        const made = Buffer.concat([head, ...(how === 1 ? [] : [put]), how === 2 ? rest : rest.subarray(1)]);
        // To put in, or take out, the one of two that are the same changes nothing.
        if (!made.equals(signed)) expect(read(made).ok).toBe(false);
      }),
    );
    for (let bit = 0; bit < 512; bit += 1) {
      const forged = Buffer.from(signed.toString('latin1').split(' ').at(-1) ?? '', 'base64');
      forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const text = `${signed.subarray(0, body).toString()}signature ${forged.toString('base64')}\n`;
      expect(codeOf(Buffer.from(text))).toBe('update.bad_signature');
    }
  });

  test('that another key has signed has a bad signature, and so has an unsigned one', () => {
    expect(codeOf(signManifest(manifestOf(), channelKeys().privateKey))).toBe('update.bad_signature');
    expect(codeOf(Buffer.from(manifestBody(manifestOf())))).toBe('update.bad_signature');
  });

  test('of a later form is told apart from rubbish, a page of a portal and an empty answer', () => {
    const later = manifestBody(manifestOf()).replace('latchpoint-update 1', 'latchpoint-update 2');
    expect(read(signText(later, privateKey))).toEqual({
      ok: false,
      error: { code: 'update.unknown_form', params: { found: '2' } },
    });
    for (const text of ['', '<html>sign in</html>', 'latchpoint-update x\n'])
      expect(codeOf(Buffer.from(text))).toBe('update.unreadable');
    expect(codeOf(Buffer.alloc(mostManifestBytes + 1, 'a'))).toBe('update.unreadable');
  });

  test.each([
    ['a line that comes twice', (body: string) => body.replace(/^(from .*)\n/m, '$1\n$1\n')],
    ['a line that is missing', (body: string) => body.replace(/^expires .*\n/m, '')],
    ['a line in another place', (body: string) => body.replace(/^(issued .*)\n(expires .*)\n/m, '$2\n$1\n')],
    ['a line that nobody knows', (body: string) => `${body}urgent yes\n`],
    ['a ring that comes twice', (body: string) => body.replace('ring all 100', 'ring all 100\nring all 10')],
    ['a share over a hundred', (body: string) => body.replace('ring all 100', 'ring all 101')],
    ['a package in another folder', (body: string) => body.replace('latchpoint_0', '../latchpoint_0')],
    ['an empty package', (body: string) => body.replace(' 5 ', ' 0 ')],
    [
      'an end before its beginning',
      (body: string) => body.replace(/^expires .*$/m, 'expires 2020-01-01T00:00:00Z'),
    ],
    [
      'a time that there is not',
      (body: string) => body.replace(/^issued .*$/m, 'issued 2026-13-41T00:00:00Z'),
    ],
    ['lines of another system', (body: string) => body.replaceAll('\n', '\r\n')],
  ])('that is signed and has %s is not read', (_, change) => {
    const body = manifestBody(manifestOf());
    expect(change(body)).not.toBe(body);
    expect(codeOf(signText(change(body), privateKey))).toMatch(/^update\.(unreadable|bad_signature)$/);
  });
});

test('versions are compared by number and not by letter', () => {
  expect(['0.10.0', '0.9.9', '0.3.0', '1.0.0'].sort(compareVersions)).toEqual([
    '0.3.0',
    '0.9.9',
    '0.10.0',
    '1.0.0',
  ]);
});

test('only an Ed25519 public key is a key of a channel: no private one, none of another kind, no rubbish', () => {
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  expect(updateKeyOf(pem)?.equals(publicKey)).toBe(true);
  expect(updateKeyOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toBeNull();
  expect(updateKeyOf('-----BEGIN PUBLIC KEY-----\nMAAA\n-----END PUBLIC KEY-----\n')).toBeNull();
});
