/** A port that stays free until it is listened on: none that the system gives to whoever asks it for any. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Below these; connections out are given ports of that range, too. Read from Linux, which is where tests of ports run. */
const firstOfTheSystem = (): number =>
  Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)[0]);

const lowest = 10_000;
let next = 0;

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
};

/** Each process begins elsewhere in the range, by its id, and none is given twice. */
export const freePort = async (): Promise<number> => {
  const span = firstOfTheSystem() - lowest;
  if (!(span > 1_000)) throw new Error('the system leaves no ports that it gives to nobody');
  for (let tries = 0; tries < span; tries += 1) {
    const port = lowest + ((process.pid * 97 + next++) % span);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
};
