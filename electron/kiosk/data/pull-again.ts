/** Collections that have to be pulled from the start, because what is stored of them is less than what the backend has. */
import { modelsRevision } from '#shared/models/documents.ts';
import { cursorNote, pulledNames, type PulledName } from './replica.ts';
import type { KioskFile } from './storage/kiosk-file.ts';
import { isWriteRefused } from './storage/sql-failure.ts';

type Notes = Pick<KioskFile, 'readNote' | 'writeNote'>;

const revisionNote = 'modelsRevision';
/** Files of the first release have no note of it. */
const firstRevision = '1';

/** On a full disk nothing is changed, and nothing fails: the next start finds the same. */
export const pullAgain = (file: Notes, names: readonly PulledName[]): void =>
  unlessRefused(() => takeAnew(file, names));

/** An update may understand what the release before it has passed over, or kept out. */
export const pullAllAfterUpdate = (file: Notes, revision = modelsRevision): void => {
  if ((file.readNote(revisionNote) ?? firstRevision) === String(revision)) return;
  unlessRefused(() => {
    takeAnew(file, pulledNames);
    file.writeNote(revisionNote, String(revision));
  });
};

const takeAnew = (file: Notes, names: readonly PulledName[]): void => {
  for (const name of names) file.writeNote(cursorNote(name), '0');
};

const unlessRefused = (write: () => void): void => {
  try {
    write();
  } catch (error) {
    if (!isWriteRefused(error)) throw error;
  }
};
