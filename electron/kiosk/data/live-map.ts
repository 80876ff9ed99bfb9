/** A collection as a map that is current and can be watched. */
import { BehaviorSubject, map, shareReplay, type Observable } from 'rxjs';
import type { StoredCollection } from './stored-collection.ts';

export interface LiveMap<V> {
  /** The map itself, which goes with the collection. */
  readonly value: ReadonlyMap<string, V>;
  /** The map itself: at once, and again after each change. Copies nothing. */
  readonly changed$: Observable<ReadonlyMap<string, V>>;
  /** Replays the current map; each change is a new map, made where somebody watches. */
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
  const value = new Map(first);
  const subject = new BehaviorSubject<ReadonlyMap<string, V>>(value);
  const subscription = collection.changes$.subscribe((changes) => {
    for (const { id, document } of changes) {
      if (document === null) value.delete(id);
      else value.set(id, pick(document));
    }
    subject.next(value);
  });
  return {
    value,
    changed$: subject.asObservable(),
    value$: subject.pipe(
      map((current) => new Map(current)),
      shareReplay({ bufferSize: 1, refCount: true }),
    ),
    dispose: () => {
      subscription.unsubscribe();
      subject.complete();
    },
  };
};
