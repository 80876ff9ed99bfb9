/**
 * The data of a registered kiosk is gone: its file was removed or emptied, or nothing could be saved of it. A file that knows nothing is
 * what a kiosk begins with, too, so it is noted that one has begun.
 */
import { firstValueFrom } from 'rxjs';
import type { LocalData } from './kiosk-data.ts';
import type { KioskData } from './port.ts';

/** To be kept where data is erased and the kiosk stays registered. */
export const begunNote = 'begun';

/** To be noted before the identity is saved: data without it, and without anything else, is then lost. */
export const noteBegun = (data: Pick<KioskData, 'writeNote'>) => data.writeNote(begunNote, 'yes');

/** Of a registered kiosk. What a release before has left has no note, but a journal, or it knows its store. */
export const isLost = async (data: LocalData): Promise<boolean> =>
  !data.isLocked &&
  data.journalSequence === 0 &&
  (await firstValueFrom(data.store$)) === null &&
  (await data.readNote(begunNote)) === null;
