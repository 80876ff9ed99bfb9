/**
 * HTTP as a port: Electron's `net.fetch` (system proxy and trust store) in the desktop host, Node's `fetch` elsewhere.
 * Rejects only when there was no answer (unreachable, aborted); a status of 400 or more is an answer.
 */
export type Fetch = (url: string, init?: FetchInit) => Promise<Response>;

export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}
