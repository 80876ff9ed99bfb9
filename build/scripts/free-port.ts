import { createServer } from 'node:net';

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const portsTried = 20;

/** `wanted`, or the first free port after it on loopback; null when the next twenty are taken too. */
export const freePort = async (wanted: number): Promise<number | null> => {
  for (let port = wanted; port < wanted + portsTried && port < 65_536; port += 1) {
    if (await isFree(port)) return port;
  }
  return null;
};
