/**
 * The radio process: noble lives here, so that its crashes, hangs and native code cost this process and never the kiosk.
 * It says hello before it loads noble or touches an adapter, so that the kiosk can tell a process that has not begun yet, on a
 * machine with other things to do, from one that hangs. Its configuration is the answer. It ends when its parent is gone.
 */
import { describeThrown } from '#shared/errors/thrown.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { openRadio, type RadioConfig } from './open-radio.ts';
import { openParentChannel, type ParentChannel } from './parent-channel.ts';
import { serveRadio, type RadioServer } from './radio-server.ts';

/** The kiosk makes a new process: an adapter that was pulled is not always bound again by the old one. */
const lookAgainAfterMs = 2_000;

const exitCode = { parentGone: 0, lookAgain: 75, crashed: 70, noParent: 64 } as const;

const start = (config: RadioConfig, channel: ParentChannel): RadioServer => {
  const ownAdapter = config.h4 === undefined;
  let cancelLeaving = (): void => undefined;
  let told: string | null = null;
  const unreadable = new Set<number>();
  const radio = openRadio({
    config,
    clock: systemClock,
    random: systemRandom,
    onUnreadable: (code) => {
      // Once each: an adapter may say it a thousand times.
      if (unreadable.has(code)) return;
      unreadable.add(code);
      const detail = `event 0x${code.toString(16).padStart(2, '0')}`;
      channel.send({ type: 'log', level: 'warn', event: 'adapter said something unreadable', detail });
    },
    onDown: (reason) => {
      if (told !== reason) channel.send({ type: 'log', level: 'warn', event: 'radio down', detail: reason });
      told = reason;
      if (!ownAdapter) return;
      cancelLeaving();
      cancelLeaving = systemClock.after(lookAgainAfterMs, () => process.exit(exitCode.lookAgain));
    },
  });
  radio.state$.subscribe((state) => {
    if (state !== 'ready') return;
    told = null;
    cancelLeaving();
  });
  return serveRadio(radio, systemClock, (message) => channel.send(message));
};

const run = (channel: ParentChannel): void => {
  let server: RadioServer | null = null;
  const crash = (error: unknown): void => {
    const detail = Object.values(describeThrown(error)).join(' ');
    channel.send({ type: 'log', level: 'error', event: 'radio process crashed', detail });
    // A moment for the message to leave.
    setImmediate(() => process.exit(exitCode.crashed));
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  // Ctrl+C reaches every process of the terminal: the parent decides when this one goes.
  process.on('SIGINT', () => undefined);
  channel.onGone(() => process.exit(exitCode.parentGone));
  channel.onMessage((message) => {
    if (message.type === 'start') server ??= start(message.config, channel);
    else if (message.type === 'ping' && !server) channel.send({ type: 'pong', beat: message.beat });
    else server?.handle(message);
  });
  channel.send({ type: 'hello' });
};

const channel = openParentChannel();
if (channel) run(channel);
else process.exit(exitCode.noParent);
