/** The kiosk's side of the IPC contract: a handler for every call, an observable for every stream. */
import type { Observable } from 'rxjs';
import type { Result } from '#shared/errors/app-error.ts';
import type { CallInput, CallName, CallOutput, StreamName, StreamSnapshot } from '#shared/ipc/contract.ts';

export interface CallContext {
  /** Aborted at the call's deadline or when the page has gone. */
  readonly signal: AbortSignal;
}

export interface KioskApi {
  readonly calls: {
    readonly [N in CallName]: (input: CallInput<N>, context: CallContext) => Promise<Result<CallOutput<N>>>;
  };
  /** Each replays its current snapshot to a new subscriber and never errors. */
  readonly streams: { readonly [N in StreamName]: Observable<StreamSnapshot<N>> };
}
