import type { Observable } from 'rxjs';

/** The newest value of an observable, to be read where waiting makes no sense. */
export interface Latest<T> {
  readonly value: T;
  dispose(): void;
}

/** Subscribes at once; `initial` stands until the observable has said something. */
export const createLatest = <T>(source$: Observable<T>, initial: T): Latest<T> => {
  let value = initial;
  const subscription = source$.subscribe((next) => {
    value = next;
  });
  return {
    get value() {
      return value;
    },
    dispose: () => subscription.unsubscribe(),
  };
};
