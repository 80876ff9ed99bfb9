/** What a host has that can be updated by itself: where packages are handed over, and to whom. */
import type { UpdateKey } from './proof.ts';

export interface UpdatesHost {
  /** The channel's: what it has not signed does not exist. */
  readonly key: UpdateKey;
  /** The version that runs. */
  readonly version: string;
  /** `linux-x64`, … */
  readonly platform: string;
  /** The kiosk's own: downloads, and what is handed over. */
  readonly folder: string;
  /** Written by what installs, and by nobody else. */
  readonly resultFile: string;
  /** As well: how far it has come. */
  readonly stepFile: string;
}
