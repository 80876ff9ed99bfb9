/** The baseline of `start`: a process that derives one key, as a passphrase file asks of every kiosk, and says that it is ready. */
import { scryptSync } from 'node:crypto';

scryptSync('a passphrase of 24 bytes', 'salt', 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 });
process.send?.({ type: 'ready' });
setInterval(() => undefined, 60_000);
