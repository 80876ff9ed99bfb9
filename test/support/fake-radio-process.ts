import type { RadioProcess } from '#kiosk/radio/radio-client.ts';
import type { FromRadio, ToRadio } from '#kiosk/radio/protocol.ts';

/** A radio process without a process: says hello, answers pings unless it hangs, keeps what it was told, exits when told to. */
export class FakeRadioProcess implements RadioProcess {
  readonly pid: number;
  readonly told: ToRadio[] = [];
  hanging = false;
  killed = false;
  living = true;
  readonly #greets: boolean;
  #onMessage: (message: unknown) => void = () => undefined;
  #onExit: () => void = () => undefined;

  /** `greets`: at once; else when the test says so for it. */
  constructor(pid: number, greets = true) {
    this.pid = pid;
    this.#greets = greets;
  }

  send(message: object): void {
    if (this.hanging) return;
    const typed = message as ToRadio;
    this.told.push(typed);
    if (typed.type === 'ping') this.say({ type: 'pong', beat: typed.beat });
  }

  say(message: FromRadio): void {
    queueMicrotask(() => this.#onMessage(message));
  }

  sayAnything(message: unknown): void {
    queueMicrotask(() => this.#onMessage(message));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#onMessage = listener;
    if (this.#greets) this.say({ type: 'hello' });
  }

  onExit(listener: () => void): void {
    this.#onExit = listener;
  }

  exit(): void {
    this.living = false;
    this.#onExit();
  }

  kill(): void {
    this.killed = true;
    this.living = false;
    queueMicrotask(() => this.#onExit());
  }

  /** The last message of that type. */
  last<T extends ToRadio['type']>(type: T): Extract<ToRadio, { type: T }> {
    const found = this.told.filter((message) => message.type === type).at(-1);
    if (!found) throw new Error(`never told to ${type}`);
    return found as Extract<ToRadio, { type: T }>;
  }
}
