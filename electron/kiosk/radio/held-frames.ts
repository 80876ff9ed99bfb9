/** Frames that arrive before anybody listens: after an early start the lock answers while the link is still being handed on. */
import { Observable, Subject } from 'rxjs';

export interface HeldFrames {
  readonly frames$: Observable<Uint8Array>;
  next(frame: Uint8Array): void;
  complete(): void;
}

/** A message has at most 2 kB, and nobody has been asked for a second one: what goes beyond that is dropped. */
const mostHeld = 128;

/** The first subscriber gets what has come until then. */
export const createHeldFrames = (): HeldFrames => {
  const frames = new Subject<Uint8Array>();
  let held: Uint8Array[] | null = [];
  return {
    frames$: new Observable((subscriber) => {
      const early = held ?? [];
      held = null;
      for (const frame of early) subscriber.next(frame);
      return frames.subscribe(subscriber);
    }),
    next: (frame) => {
      if (held === null) frames.next(frame);
      else if (held.length < mostHeld) held.push(frame);
    },
    complete: () => frames.complete(),
  };
};
