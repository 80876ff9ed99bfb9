/** The core as the rest of the page sees it: typed calls and streams, whichever transport is below. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { CallInput, CallName, CallOutput, StreamName, StreamSnapshot } from '#shared/ipc/contract.ts';
import type { PageApi } from '#shared/ipc/page-api.ts';
import { createSnapshotParser, parseOutput } from './codec.ts';
import { createEnvelopeOrder } from './envelope-order.ts';

export interface Client {
  /** Asks the core. Never rejects: a lost connection or a broken answer is a failed result like any other. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** Hands every snapshot that is newer than the one before to `listener`, until the returned function is called. */
  subscribe<N extends StreamName>(name: N, listener: (snapshot: StreamSnapshot<N>) => void): () => void;
  /** Whether the core is reachable, at once and at every change. */
  onLink(listener: (linked: boolean) => void): () => void;
}

type LinkedPageApi = PageApi & { readonly onLink?: Client['onLink'] };

export const createClient = (api: LinkedPageApi): Client => ({
  call: async (name, input) => {
    const answer = await api.calls[name](input);
    if (!answer.ok) return { ok: false, error: answer.error };
    const output = parseOutput(name, answer.value);
    return output.success ? ok(output.data) : fail('internal.unexpected');
  },
  subscribe: (name, listener) => {
    const isNewer = createEnvelopeOrder();
    const parse = createSnapshotParser(name);
    return api.streams[name]((envelope) => {
      if (!isNewer(envelope)) return;
      const snapshot = parse(envelope.snapshot);
      // A snapshot outside the contract is not shown: the one before is at least true.
      if (snapshot.success) listener(snapshot.data);
    });
  },
  // Under the preload script page and core live and die together.
  onLink:
    api.onLink ??
    ((listener) => {
      listener(true);
      return () => undefined;
    }),
});
