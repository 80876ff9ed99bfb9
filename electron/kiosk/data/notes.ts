import type { KioskData } from './port.ts';

/** The part of the kiosk's data in which a service keeps a durable value of its own. */
export type Notes = Pick<KioskData, 'readNote' | 'writeNote'>;
