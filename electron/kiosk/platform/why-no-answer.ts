/**
 * Names why a request had no answer, from what Node (error codes of libuv, OpenSSL and undici) and Chromium (`net::ERR_…`,
 * net_error_list.h) throw. The text of an error is not passed on: it may hold addresses.
 */
import { codeOf } from '#shared/errors/thrown.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';

const patterns: readonly (readonly [NoAnswer, RegExp])[] = [
  ['certificate_time', /CERT_(?:HAS_EXPIRED|NOT_YET_VALID)|ERR_CERT_DATE_INVALID/],
  ['certificate_name', /ERR_TLS_CERT_ALTNAME_INVALID|ERR_CERT_COMMON_NAME_INVALID/],
  [
    'certificate_authority',
    /UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?)|SELF_SIGNED_CERT|CERT_UNTRUSTED|ERR_CERT_/,
  ],
  ['proxy', /ERR_(?:PROXY|UNEXPECTED_PROXY|TUNNEL|SOCKS|MANDATORY_PROXY)_/],
  ['name', /ENOTFOUND|EAI_|ERR_NAME_/],
  ['refused', /ECONNREFUSED|ERR_CONNECTION_REFUSED/],
  ['timeout', /ETIMEDOUT|UND_ERR_\w*TIMEOUT|ERR_(?:CONNECTION_)?TIMED_OUT/],
  [
    'network',
    /ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL|ERR_(?:INTERNET_DISCONNECTED|NETWORK|ADDRESS_UNREACHABLE)/,
  ],
  ['portal', /unexpected redirect|ERR_UNSAFE_REDIRECT|ERR_TOO_MANY_REDIRECTS|ERR_FAILED_REDIRECT/],
  [
    'broken_off',
    /ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_(?:CONNECTION_(?:RESET|CLOSED|ABORTED)|EMPTY_RESPONSE)|EPROTO/,
  ],
];

/** null where the error says nothing that is known. `error` is what `Fetch` has rejected with. */
export const whyNoAnswer = (error: unknown): NoAnswer | null => {
  const told = textsOf(error, 4).join(' ');
  return patterns.find(([, pattern]) => pattern.test(told))?.[0] ?? null;
};

/** Codes and messages of an error and of what caused it; an address that resolved to several has one cause for each. */
const textsOf = (error: unknown, depth: number): string[] => {
  if (!(error instanceof Error) || depth === 0) return [];
  const several: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return [
    codeOf(error),
    error.message,
    ...[error.cause, ...several].flatMap((one) => textsOf(one, depth - 1)),
  ];
};
