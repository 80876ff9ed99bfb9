/** What is said of a signed journal that was checked, line by line. */
import type { Verdict } from './verify.ts';

const inFours = (digits: string): string => digits.replace(/(.{4})(?=.)/g, '$1 ');
const time = (at: number): string => new Date(at).toISOString();

export const verdictLines = (verdict: Verdict, isKeyExpected: boolean): readonly string[] => {
  if (verdict.kind === 'unreadable') return [`CANNOT BE CHECKED: ${verdict.why}`];
  const { statement, fingerprint, faults, from, until } = verdict;
  const { signer, kioskName, kioskId, storeName, storeId, exportedBy, first, last } = statement;
  return [
    `signed by  the ${signer}${isKeyExpected ? '' : ', if this is its key; compare its fingerprint'}`,
    `key        ${inFours(fingerprint)}`,
    `kiosk      ${kioskName} (${kioskId})`,
    `store      ${storeName} (${storeId})`,
    `taken      ${time(statement.exportedAt)}${exportedBy === null ? '' : ` by ${exportedBy}`}`,
    ...(from === null || until === null
      ? ['events     none']
      : [
          `events     ${statement.events}, numbers ${String(first)} to ${String(last)}`,
          `from       ${time(from)}`,
          `until      ${time(until)}`,
        ]),
    ...(faults.length === 0
      ? ['OK: the chain is unbroken and the signature is right']
      : faults.map((fault) => `BROKEN: ${fault}`)),
  ];
};
