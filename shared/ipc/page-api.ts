/** What the page is given, the same object by the preload script and by the WebSocket client. */
import type { CallName, StreamName } from './contract.ts';
import type { AnswerEnvelope, SnapshotEnvelope } from './envelope.ts';

export interface PageApi {
  /** One function per call; the input is validated by the core. Never rejects. */
  readonly calls: Readonly<Record<CallName, (input: unknown) => Promise<AnswerEnvelope>>>;
  /** One function per stream: the listener gets the current snapshot and every later one until unsubscribed. */
  readonly streams: Readonly<
    Record<StreamName, (listener: (envelope: SnapshotEnvelope) => void) => () => void>
  >;
}

/** The property of `window` under which the preload script exposes it. */
export const pageApiKey = 'latchpoint';

/** An object with one property for each name. `Object.fromEntries` forgets which names there were. */
export const mapNames = <N extends string, V>(names: readonly N[], make: (name: N) => V): Record<N, V> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, V>;
