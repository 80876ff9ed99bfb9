/**
 * PIN verifiers come sealed to this kiosk and are opened where they arrive: they are stored with the person, sealed with the key of
 * the file like the rest, and what is done with the kiosk's own keys later is nothing to them.
 */
import type { PullAnswer } from '#shared/http/contract.ts';
import type { SealedPin } from '#shared/models/documents.ts';

/** Null where it was not sealed to this kiosk, was changed, or is somebody else's. */
export type OpenPin = (staffId: string, sealed: string) => Promise<Omit<SealedPin, 'staffId'> | null>;

type Rows = PullAnswer['documents'];

/** The same people, what was sealed in the place of `sealedPin`. One that does not open has neither: such a row is kept out, and counted. */
export const openPins = async (rows: Rows, open: OpenPin): Promise<Rows> => {
  const opened: Rows = [];
  for (const row of rows) {
    const { sealedPin, ...person } = row;
    const { staffId } = person;
    const isSealed = typeof sealedPin === 'string' && typeof staffId === 'string' && !row.deleted;
    const pins = isSealed ? await open(staffId, sealedPin) : null;
    opened.push({ ...person, ...pins });
  }
  return opened;
};
