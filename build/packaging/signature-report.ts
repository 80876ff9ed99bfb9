/** What `osslsigncode verify` says of a file. Its exit code alone says too little: it is 0 where any one of a file's signatures holds. */
export interface SignatureReport {
  readonly isSigned: boolean;
  /** Whether each of its signatures holds, the primary one among them. */
  readonly holds: boolean;
  /** Of the certificate that the primary signature says to be made with; null where it says none. */
  readonly serial: string | null;
  /** Of the primary signature: what it was made over. */
  readonly digest: string | null;
}

const results = (text: string): readonly string[] =>
  [...text.matchAll(/^Signature verification: (.*)$/gm)].map(([, result = '']) => result.trim());

/**
 * Reads it. Each signature has to have an own result, and no result may be another than "ok": words that a signature brings along can add
 * lines to what is said, and take none away.
 */
export const readSignatureReport = (status: number | null, text: string): SignatureReport => {
  const indexes = [...text.matchAll(/^Signature Index: (\d+)/gm)].map(([, index]) => Number(index));
  const found = results(text);
  return {
    isSigned: indexes[0] === 0,
    holds:
      status === 0 &&
      indexes[0] === 0 &&
      found.length === indexes.length &&
      found.every((result) => result === 'ok'),
    serial: /Signer #0:\s+Subject: .*\s+Issuer ?: .*\s+Serial ?: ([0-9A-F]+)/.exec(text)?.[1] ?? null,
    digest: /Message digest algorithm *: (\S+)/.exec(text)?.[1] ?? null,
  };
};
