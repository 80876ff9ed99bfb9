/** A collection as a map that is current and can be watched. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { StoredCollection } from './stored-collection.ts';

export interface LiveMap<V> {
  readonly value: ReadonlyMap<string, V>;
  /** Replays the current map; each change is a new map. */
  readonly value$: Observable<ReadonlyMap<string, V>>;
  dispose(): void;
}

/** The ids of a collection, where no more of it needs to be held: a list of ten thousand keys needs their names only. */
export const createLiveIds = <T>(collection: StoredCollection<T>, ids: readonly string[]): LiveMap<null> =>
  follow(collection, new Map(ids.map((id) => [id, null])), () => null);

/** `pick` says what is kept of a document. */
export const createLiveMap = async <T, V>(
  collection: StoredCollection<T>,
  idOf: (document: T) => string,
  pick: (document: T) => V,
): Promise<LiveMap<V>> => {
  const documents = await collection.all();
  return follow(collection, new Map(documents.map((document) => [idOf(document), pick(document)])), pick);
};

const follow = <T, V>(
  collection: StoredCollection<T>,
  first: ReadonlyMap<string, V>,
  pick: (document: T) => V,
): LiveMap<V> => {
  const subject = new BehaviorSubject(first);
  const subscription = collection.changes$.subscribe((changes) => {
    const next = new Map(subject.value);
    for (const { id, document } of changes) {
      if (document === null) next.delete(id);
      else next.set(id, pick(document));
    }
    subject.next(next);
  });
  return {
    get value() {
      return subject.value;
    },
    value$: subject.asObservable(),
    dispose: () => {
      subscription.unsubscribe();
      subject.complete();
    },
  };
};
