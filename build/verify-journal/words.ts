/** What is said of a signed journal that was checked, line by line. */
import type { Verdict } from './verify.ts';

const inFours = (digits: string): string => digits.replace(/(.{4})(?=.)/g, '$1 ');
/** What would move a terminal's cursor, colour it, or turn its text round. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const shown = (text: string): string =>
  text.replace(hidden, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
const time = (at: number): string => new Date(at).toISOString();

export const verdictLines = (verdict: Verdict, isKeyExpected: boolean): readonly string[] =>
  linesOf(verdict, isKeyExpected).map(shown);

const linesOf = (verdict: Verdict, isKeyExpected: boolean): readonly string[] => {
  if (verdict.kind === 'unreadable') return [`CANNOT BE CHECKED: ${verdict.why}`];
  const { statement, fingerprint, faults, from, until } = verdict;
  const { signer, kioskName, kioskId, storeName, storeId, exportedBy, first, last } = statement;
  return [
    `signed by  the ${signer}${isKeyExpected ? '' : ', if this is its key; compare its fingerprint'}`,
    `key        ${inFours(fingerprint)}`,
    `kiosk      ${kioskName} (${kioskId})`,
    `store      ${storeName} (${storeId})`,
    `taken      ${time(statement.exportedAt)}${exportedBy === null ? '' : ` by ${exportedBy}`}`,
    statement.events === 0
      ? 'events     none'
      : `events     ${statement.events}, numbers ${String(first)} to ${String(last)}`,
    ...(from === null || until === null ? [] : [`from       ${time(from)}`, `until      ${time(until)}`]),
    ...(faults.length === 0
      ? ['OK: the chain is unbroken and the signature is right']
      : faults.map((fault) => `BROKEN: ${fault}`)),
  ];
};
