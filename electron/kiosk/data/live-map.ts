/** A collection as a map that is current and can be watched. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { StoredCollection } from './stored-collection.ts';

export interface LiveMap<V> {
  readonly value: ReadonlyMap<string, V>;
  /** Replays the current map; each change is a new map. */
  readonly value$: Observable<ReadonlyMap<string, V>>;
  dispose(): void;
}

/** `pick` says what is kept of a document: a list of ten thousand keys needs their names only. */
export const createLiveMap = async <T, V>(
  collection: StoredCollection<T>,
  idOf: (document: T) => string,
  pick: (document: T) => V,
): Promise<LiveMap<V>> => {
  const documents = await collection.all();
  const subject = new BehaviorSubject<ReadonlyMap<string, V>>(
    new Map(documents.map((document) => [idOf(document), pick(document)])),
  );
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
