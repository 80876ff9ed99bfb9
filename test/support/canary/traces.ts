/** The forms in which a secret could turn up, and the search for them. */

export interface Secret {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Of base64 text, what does not depend on the neighbours: the secret may begin at any of three places of a group. */
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((shift * 4) / 3);
    return text.slice(first, first + Math.floor(((bytes.length - (first === 0 ? 0 : 1)) * 4) / 3) - 1);
  });

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

/** As in the payload of a token, which is base64 of JSON that holds base64. */
const inBase64Twice = (bytes: Buffer): string[] => {
  const whole = bytes.toString('base64').replace(/=+$/, '');
  return [whole, urlSafe(whole)].flatMap((text) => inBase64(Buffer.from(text)));
};

/** Raw, UTF-16, hexadecimal in both cases, base64 and base64url at every alignment, and both once more in base64. */
export const formsOf = ({ bytes }: Secret): Buffer[] => {
  const hex = bytes.toString('hex');
  const base64 = [...inBase64(bytes), ...inBase64Twice(bytes)];
  const texts = [hex, hex.toUpperCase(), ...base64, ...base64.map(urlSafe)];
  const wide = Buffer.from(bytes.toString('latin1'), 'utf16le');
  return [bytes, wide, ...new Set(texts)].map((form) => Buffer.from(form));
};

/** Chance alone brings none of this length, and Node cuts off what it prints of a longer one. */
const listed = 16;

/**
 * Byte by byte, as JSON and Node write a Buffer, a Uint8Array or a view of one: `[1,2]`, `{"0":1,"1":2}`, `[ 1, 2 ]` over lines,
 * `<01 02>`.
 */
const byteByByte = ({ bytes }: Secret): RegExp => {
  const first = [...bytes.subarray(0, listed)];
  const decimals = first.map(String).join(String.raw`,\s*(?:\\?"?\d+\\?"?:\s*)?`);
  const pairs = first.map((byte) => byte.toString(16).padStart(2, '0')).join('[ :]');
  return new RegExp(String.raw`(?<!\d)${decimals}(?!\d)|${pairs}`, 'i');
};

/** The names of the secrets of which a trace is in `content`. */
export const tracesIn = (content: Uint8Array, secrets: readonly Secret[]): string[] => {
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const text = buffer.toString('latin1');
  return secrets
    .filter(
      (secret) => formsOf(secret).some((form) => buffer.includes(form)) || byteByByte(secret).test(text),
    )
    .map(({ name }) => name);
};

export const secretText = (name: string, text: string): Secret => ({ name, bytes: Buffer.from(text) });
