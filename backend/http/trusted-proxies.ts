/** Whose word on who a request came from is taken. Fastify's own list does not know a proxy that is named with a port. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { withoutPort } from '../identity/rate-limit.ts';

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Of addresses and networks (`10.0.0.0/8`): whether an address, as a connection or a header tells it, is one of them. */
export const trustIn = (networks: readonly string[]): ((told: string) => boolean) => {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) trusted.addAddress(address, familyOf(address));
    else trusted.addSubnet(address, Number(bits), familyOf(address));
  }
  return (told) => {
    const address = withoutPort(told);
    return isIP(address) !== 0 && trusted.check(address, familyOf(address));
  };
};
