import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, test } from 'vitest';
import { publicJwkSchema } from '#shared/http/contract.ts';
import { createSealer, isPointOfP256 } from './sealer.ts';

const makeKiosk = async () => {
  const pair = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  return { privateKey: pair.privateKey, jwk: publicJwkSchema.parse(await exportJWK(pair.publicKey)) };
};

describe('sealing to a kiosk', () => {
  test('an independent JWE library opens every value of one sealer', async () => {
    const kiosk = await makeKiosk();
    const sealer = createSealer(kiosk.jwk);
    for (const text of ['', 'a', 'ä'.repeat(3000)]) {
      const { plaintext, protectedHeader } = await compactDecrypt(
        sealer.seal(Buffer.from(text)),
        kiosk.privateKey,
      );
      expect(Buffer.from(plaintext).toString()).toBe(text);
      expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM' });
    }
  });

  test('the same value sealed twice differs in every part that carries content', () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: exampleX, y: exampleY } as const;
    const sealer = createSealer(jwk);
    const [first, second] = [sealer.seal(Buffer.from('same')), sealer.seal(Buffer.from('same'))].map((jwe) =>
      jwe.split('.'),
    );
    for (const part of [0, 2, 3, 4]) expect(first![part]).not.toBe(second![part]);
  });

  test('another kiosk cannot open it', async () => {
    const [kiosk, other] = [await makeKiosk(), await makeKiosk()];
    const sealed = createSealer(kiosk.jwk).seal(Buffer.from('secret'));
    await expect(compactDecrypt(sealed, other.privateKey)).rejects.toThrow();
  });

  test('a point off the curve is recognised', async () => {
    const { jwk } = await makeKiosk();
    expect(isPointOfP256(jwk)).toBe(true);
    expect(isPointOfP256({ ...jwk, y: jwk.x })).toBe(false);
  });
});

// RFC 7515, A.3: the public key of an example, a valid point.
const exampleX = 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU';
const exampleY = 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0';
