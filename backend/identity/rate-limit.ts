/** Counts per caller and window what there should not be much of: guessing gets slow, working callers never notice. */
import { isIPv6 } from 'node:net';
import { createBoundedMap } from '#shared/flow/bounded-map.ts';

export interface RateLimit {
  /** For how many ms this caller, who has used up what it may, is asked to wait; 0 for everyone else. */
  waitMs(caller: string): number;
  count(caller: string, times?: number): void;
}

/** Memory is bounded by `maxCallers`; beyond that the longest quiet are forgotten. */
const maxCallers = 10_000;

/** A caller's window begins with the first that is counted, and ends for all that was counted in it. */
export const createRateLimit = (options: {
  readonly most: number;
  readonly windowMs: number;
  now(): number;
}): RateLimit => {
  const windows = createBoundedMap<string, { readonly since: number; readonly count: number }>(maxCallers);
  const present = (caller: string) => {
    const window = windows.get(caller);
    const age = window ? options.now() - window.since : Number.POSITIVE_INFINITY;
    // A clock that was set back begins anew, too: nobody waits for longer than a window.
    return window && age >= 0 && age < options.windowMs ? window : { since: options.now(), count: 0 };
  };
  return {
    waitMs: (caller) => {
      const { since, count } = present(caller);
      return count >= options.most ? since + options.windowMs - options.now() : 0;
    },
    count: (caller, times = 1) => {
      const { since, count } = present(caller);
      windows.set(caller, { since, count: count + times });
    },
  };
};

/**
 * The address alone. Some proxies name callers in X-Forwarded-For with the port of their connection, which is another one each time,
 * and Fastify takes that as it is (findings/fastify-forwarded-port.sh).
 */
export const withoutPort = (address: string): string =>
  /^\[([^\]]+)\](?::\d{1,5})?$/.exec(address)?.[1] ?? /^([^:]+):\d{1,5}$/.exec(address)?.[1] ?? address;

/** Whom an address stands for: with IPv6 a whole network of 64 bits, because whoever has one address has them all. */
export const callerOf = (told: string): string => {
  const address = withoutPort(told);
  const plain = address.split('%')[0] ?? address;
  if (!isIPv6(plain) || plain.includes('.')) return address;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - rest.length }, () => '0');
  return [...groups, ...zeros, ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
};
