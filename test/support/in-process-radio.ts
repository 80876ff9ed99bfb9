/**
 * A radio process without the process: the same radio behind the same messages, which can be killed at a chosen packet. Killed
 * it is gone at once, as a process is: nothing of it says goodbye to anybody.
 */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Random } from '#kiosk/platform/random.ts';
import { openRadio } from '#kiosk/radio/open-radio.ts';
import { toRadioSchema } from '#kiosk/radio/protocol.ts';
import type { RadioProcess } from '#kiosk/radio/radio-client.ts';
import { serveRadio, type RadioServer } from '#kiosk/radio/radio-server.ts';

export interface InProcessRadioPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Cuts the way to the controller, before anything else can be said on it. */
  readonly cut: () => void;
}

export const startInProcessRadio = ({ clock, random, cut }: InProcessRadioPorts): RadioProcess => {
  let toCore = (_message: unknown): void => undefined;
  let onExit = (): void => undefined;
  let server: RadioServer | null = null;
  let alive = true;

  // Messages between processes arrive in a later turn.
  const say = (message: unknown): void =>
    void setImmediate(() => {
      if (alive) toCore(message);
    });

  const take = (message: object): void => {
    if (!alive) return;
    const parsed = toRadioSchema.parse(message);
    if (parsed.type !== 'start') {
      if (server) server.handle(parsed);
      else if (parsed.type === 'ping') say({ type: 'pong', beat: parsed.beat });
      return;
    }
    server ??= serveRadio(openRadio({ config: parsed.config, clock, random }), clock, say);
  };

  say({ type: 'hello' });
  return {
    pid: undefined,
    send: (message) => void setImmediate(() => take(message)),
    onMessage: (listener) => {
      toCore = listener;
    },
    onExit: (listener) => {
      onExit = listener;
    },
    kill: () => {
      if (!alive) return;
      alive = false;
      cut();
      void server?.dispose();
      setImmediate(onExit);
    },
  };
};
