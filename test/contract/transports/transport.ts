import type { KioskApi } from '#kiosk/ipc/api.ts';
import type { LogLine } from '#support/recording-logger.ts';
import type { AnswerEnvelope } from '#shared/ipc/envelope.ts';
import type { PageApi } from '#shared/ipc/page-api.ts';

/** One way from a page to the core, opened for one test. */
export interface OpenTransport {
  /** The page's own side, as the product builds it. */
  readonly page: PageApi;
  /**
   * Sends what no page would send, under any name. "closed" when the transport ended the connection over it,
   * "no such call" when the name led nowhere.
   */
  callRaw(name: unknown, input: unknown): Promise<AnswerEnvelope | 'closed' | 'no such call'>;
  /** Everything that crossed to the page, as text. */
  readonly crossed: readonly string[];
  readonly logged: readonly LogLine[];
  /** Ends when the page has gone without a word. */
  vanish(): Promise<void>;
  dispose(): Promise<void>;
}

export interface Transport {
  readonly name: string;
  open(api: KioskApi): Promise<OpenTransport>;
}
