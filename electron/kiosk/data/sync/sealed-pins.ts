/**
 * PIN verifiers come sealed to this kiosk and are opened where they arrive: they are stored with the person, sealed with the key of
 * the file like the rest, and what is done with the kiosk's own keys later is nothing to them.
 */
import type { PullAnswer } from '#shared/http/contract.ts';
import type { SealedPin } from '#shared/models/documents.ts';

/** Null where it was not sealed to this kiosk, was changed, or is somebody else's. */
export type OpenPin = (staffId: string, sealed: string) => Promise<Omit<SealedPin, 'staffId'> | null>;

type Rows = PullAnswer['documents'];

/** What no PIN is known to come to. */
const fitsNothing: SealedPin['pin'] = {
  n: 16_384,
  r: 8,
  p: 1,
  salt: Buffer.alloc(16).toString('base64'),
  hash: Buffer.alloc(32).toString('base64'),
};

/**
 * The same people, what was sealed in the place of `sealedPin`. Where that does not open, no PIN is theirs until another comes: what else
 * is told of them holds, so that nobody keeps the rights, or the PIN, of before. `onUnopened`: of whom, so that it is told.
 */
export const openPins = async (
  rows: Rows,
  open: OpenPin,
  onUnopened: (staffId: string) => void,
): Promise<Rows> => {
  const opened: Rows = [];
  for (const row of rows) {
    const { sealedPin, ...person } = row;
    const { staffId } = person;
    const isSealed = typeof sealedPin === 'string' && typeof staffId === 'string' && !row.deleted;
    if (!isSealed) {
      opened.push(person);
      continue;
    }
    const pins = await open(staffId, sealedPin);
    if (!pins) onUnopened(staffId);
    opened.push({ ...person, ...(pins ?? { pin: fitsNothing }) });
  }
  return opened;
};
