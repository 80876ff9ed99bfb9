/**
 * The kiosk's API before there is a kiosk: a page can be loaded while the core still derives its key and opens its data. What the page
 * asks until then waits, in its order, and is answered once the kiosk is there; what it watches begins then. How much may wait is what
 * a page may have under way (dispatcher.ts); a call whose time has run out, or whose page has gone, is never carried out.
 */
import { ReplaySubject, switchMap, type Observable } from 'rxjs';
import { fail, type Result } from '#shared/errors/app-error.ts';
import {
  callNames,
  streamNames,
  type CallInput,
  type CallName,
  type CallOutput,
  type StreamName,
  type StreamSnapshot,
} from '#shared/ipc/contract.ts';
import { mapNames } from '#shared/ipc/page-api.ts';
import type { CallContext, KioskApi } from './api.ts';

export interface ComingApi {
  readonly api: KioskApi;
  /** The kiosk is there. */
  arrive(api: KioskApi): void;
}

/** An API that can be served at once, and is the kiosk's own from `arrive` on. */
export const createComingApi = (): ComingApi => {
  const arrival = Promise.withResolvers<KioskApi>();
  const arrived$ = new ReplaySubject<KioskApi>(1);

  const call =
    <N extends CallName>(name: N) =>
    async (input: CallInput<N>, context: CallContext): Promise<Result<CallOutput<N>>> => {
      const { calls } = await arrival.promise;
      return context.signal.aborted ? fail('ipc.timeout') : calls[name](input, context);
    };
  const stream = <N extends StreamName>(name: N): Observable<StreamSnapshot<N>> =>
    arrived$.pipe(switchMap(({ streams }): Observable<StreamSnapshot<N>> => streams[name]));

  return {
    api: {
      calls: mapNames(callNames, call) as KioskApi['calls'],
      streams: mapNames(streamNames, stream) as KioskApi['streams'],
    },
    arrive(api) {
      arrived$.next(api);
      arrival.resolve(api);
    },
  };
};
