/**
 * In the place of a file whose key can't be read: nothing is known, and what is noted lasts until the kiosk stops. The file itself
 * is not touched until somebody says what is to become of it; from then on this is a new one.
 */
import type { KioskFile } from './kiosk-file.ts';

export interface LockedKioskFile extends KioskFile {
  /** False once it is a file like any other. */
  readonly isLocked: boolean;
  /** Works with `file` from now on, which is empty. */
  unlock(file: KioskFile): void;
}

export const createLockedFile = (): LockedKioskFile => {
  let file: KioskFile | null = null;
  let lastSequence = 0;
  const notes = new Map<string, string>();
  return {
    get isLocked() {
      return file === null;
    },
    get isSealed() {
      return file?.isSealed ?? false;
    },
    unlock: (unlocked) => {
      file = unlocked;
      for (const [key, value] of notes) unlocked.writeNote(key, value);
    },
    takeLoaded: (collection) => file?.takeLoaded(collection) ?? [],
    readDocument: (sequence) => file?.readDocument(sequence - lastSequence),
    writeDocuments: (collection, changes) => {
      if (!file) {
        const first = lastSequence + 1;
        lastSequence += changes.length;
        return changes.map((_, index) => first + index);
      }
      // Numbers only ever grow, so the file's own come after those that were given before it.
      const changed = changes.map((change) => ({ ...change, replaces: inFile(change.replaces) }));
      return file.writeDocuments(collection, changed).map((sequence) => sequence + lastSequence);
    },
    removeRows: (sequences) =>
      file?.removeRows(sequences.map(inFile).filter((sequence) => sequence !== undefined)),
    readNote: (key) => (file ? file.readNote(key) : (notes.get(key) ?? null)),
    writeNote: (key, value) => {
      if (file) file.writeNote(key, value);
      else notes.set(key, value);
    },
    eraseAll: (kept = []) => {
      for (const key of notes.keys()) if (!kept.includes(key)) notes.delete(key);
      file?.eraseAll(kept);
    },
    close: () => file?.close(),
  };

  /** Undefined for one of before, which is in no file. */
  function inFile(sequence: number | undefined): number | undefined {
    return sequence === undefined || sequence <= lastSequence ? undefined : sequence - lastSequence;
  }
};
