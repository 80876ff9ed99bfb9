/**
 * The radio that comes back: makes one noble after another, shows `no_dongle` in between, and hands whoever asks to the one
 * that is up.
 */
import { BehaviorSubject, distinctUntilChanged, Subject, type Subscription } from 'rxjs';
import { backoffMs } from '#shared/flow/backoff.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { RadioError, type Advertisement, type RadioPort, type RadioState } from './port.ts';
import type { DownReason, NobleRadio } from './noble-radio.ts';

export type OpenedRadio =
  | { readonly ok: true; readonly radio: NobleRadio; dispose(): void }
  | { readonly ok: false; readonly reason: DownReason };

export interface RecoveringRadioOptions {
  /** Makes a radio, or tells why there is none now. Never rejects. */
  readonly open: () => Promise<OpenedRadio>;
  readonly clock: Clock;
  /** Milliseconds to the next try, given how many have failed in a row. */
  readonly retryAfterMs: (failures: number) => number;
  /** Told each time a radio goes down or can't be made. */
  readonly onDown?: (reason: DownReason) => void;
}

const retryPause = { firstMs: 100, longestMs: 1_000, chance: 0.2 };
/** A radio that is ready for so long has come back; one that fails again before has not, and is tried less and less often. */
export const recoveredAfterMs = 10_000;

/** 100 ms, doubling, up to a fifth less, so that a replug is noticed within a second. */
export const retryPauses =
  (random: Random) =>
  (failures: number): number =>
    backoffMs(retryPause, failures + 1, random.float());

export const createRecoveringRadio = (options: RecoveringRadioOptions): RadioPort => {
  const { clock } = options;
  const state = new BehaviorSubject<RadioState>('starting');
  const listening = new BehaviorSubject(false);
  const advertisements = new Subject<Advertisement>();
  let current: (OpenedRadio & { ok: true }) | null = null;
  let subscriptions: Subscription[] = [];
  let failures = 0;
  let disposed = false;
  let cancelRetry = (): void => undefined;
  let cancelRecovered = (): void => undefined;

  const retry = (reason: DownReason): void => {
    if (disposed) return;
    state.next(reason);
    options.onDown?.(reason);
    cancelRetry = clock.after(options.retryAfterMs(failures), () => void start());
    failures += 1;
  };

  const start = async (): Promise<void> => {
    const opened = await options.open();
    if (!opened.ok) {
      retry(opened.reason);
      return;
    }
    if (disposed) {
      opened.dispose();
      return;
    }
    current = opened;
    const { radio } = opened;
    subscriptions = [
      radio.state$.subscribe((next) => {
        // Between two radios "no dongle" stays on show until there is one again.
        if (next !== 'ready') return;
        cancelRecovered = clock.after(recoveredAfterMs, () => (failures = 0));
        state.next(next);
      }),
      radio.listening$.subscribe((listens) => listening.next(listens)),
      radio.advertisements$.subscribe((advert) => advertisements.next(advert)),
    ];
    const reason = await radio.down;
    for (const subscription of subscriptions) subscription.unsubscribe();
    cancelRecovered();
    listening.next(false);
    current = null;
    opened.dispose();
    retry(reason);
  };

  void start();

  return {
    state$: state.pipe(distinctUntilChanged()),
    listening$: listening.pipe(distinctUntilChanged()),
    advertisements$: advertisements.asObservable(),
    connect: (peer, operation) =>
      current
        ? current.radio.connect(peer, operation)
        : Promise.reject(new RadioError(state.value === 'no_dongle' ? 'no_dongle' : 'radio_restarted')),
    dispose: async () => {
      disposed = true;
      cancelRetry();
      cancelRecovered();
      await current?.radio.dispose();
      state.complete();
      listening.complete();
      advertisements.complete();
    },
  };
};
