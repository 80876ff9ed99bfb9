/** The four state flags as a lock writes them: into its advertisement, its info and its status. */
import type { LockFlags } from '../wire/flags.ts';

/** In the low four bits. */
export const flagsByte = (flags: LockFlags): number =>
  (flags.provisioned ? 1 : 0) |
  (flags.boltOpen ? 2 : 0) |
  (flags.tamper ? 4 : 0) |
  (flags.batteryLow ? 8 : 0);
