/**
 * Which document changed when, by sequence number: the answer to "what changed since", whatever the clock did.
 * An append-only list with a binary search; entries that a later change made stale are skipped, and swept now and then.
 */
export interface SequenceLog {
  /** The sequence number of the document's newest change. */
  of(id: string): number | undefined;
  /** Numbers must grow from call to call. */
  record(id: string, sequence: number): void;
  forget(id: string): void;
  ids(): IterableIterator<string>;
  readonly last: number;
  /** At most `limit` documents that changed after `sequence`, oldest change first. */
  since(sequence: number, limit: number): readonly { readonly id: string; readonly sequence: number }[];
}

/** A number from the file's own counter. The clock takes no part in it. */
export interface SequenceCheckpoint {
  readonly sequence: number;
}

interface Entry {
  readonly id: string;
  readonly sequence: number;
}

export const createSequenceLog = (): SequenceLog => {
  const current = new Map<string, number>();
  let entries: Entry[] = [];
  let last = 0;

  const sweep = (): void => {
    if (entries.length > 2 * current.size + 64) {
      entries = entries.filter(({ id, sequence }) => current.get(id) === sequence);
    }
  };

  const firstAfter = (sequence: number): number => {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle]?.sequence ?? Infinity) > sequence) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  return {
    get last() {
      return last;
    },
    of: (id) => current.get(id),
    ids: () => current.keys(),
    record: (id, sequence) => {
      if (sequence <= last) throw new RangeError(`sequence ${sequence} does not follow ${last}`);
      last = sequence;
      current.set(id, sequence);
      entries.push({ id, sequence });
      sweep();
    },
    forget: (id) => {
      current.delete(id);
      sweep();
    },
    since: (sequence, limit) => {
      const found: Entry[] = [];
      for (let index = firstAfter(sequence); index < entries.length && found.length < limit; index += 1) {
        const entry = entries[index];
        if (entry && current.get(entry.id) === entry.sequence) found.push(entry);
      }
      return found;
    },
  };
};
