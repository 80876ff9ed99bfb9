/** The core's radio: a process of its own behind the port. Whatever happens to that process, the port goes on. */
import { BehaviorSubject, distinctUntilChanged, firstValueFrom, filter, Subject } from 'rxjs';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import { bounded, startOperation } from './deadline.ts';
import { keepRunning, type RadioProcess } from './keep-running.ts';
import type { RadioConfig } from './open-radio.ts';
import { createPendingCalls, type Done } from './pending-calls.ts';
import {
  RadioError,
  type Advertisement,
  type ConnectOperation,
  type RadioLink,
  type RadioOperation,
  type RadioPort,
  type RadioState,
} from './port.ts';
import { fromRadioSchema, type FromRadio, type ToRadio } from './protocol.ts';
import { createRemoteLinks } from './remote-links.ts';

export type { RadioProcess } from './keep-running.ts';

export interface RadioClientOptions {
  /** Makes a radio process: forked by Node, or Electron's utility process. */
  readonly spawn: () => RadioProcess;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly config: RadioConfig;
}

export interface RadioClient extends RadioPort {
  /** Of the process that runs now, for diagnostics. */
  readonly pid: number | undefined;
}

/** So many restarts without success are shown as "stuck"; fewer are over before anyone has read of them. */
const restartsUntilStuck = 2;
/** A process that is ready for so long has come back; one that is lost again before is started less and less often. */
const recoveredAfterMs = 10_000;

export const createRadioClient = ({
  spawn,
  clock,
  logger,
  random,
  config,
}: RadioClientOptions): RadioClient => {
  const state = new BehaviorSubject<RadioState>('starting');
  const listening = new BehaviorSubject(false);
  const advertisements = new Subject<Advertisement>();
  let cancelRecovered = (): void => undefined;
  const calls = createPendingCalls(clock);
  const links = createRemoteLinks(calls, (message) => send(message));

  const send = (message: ToRadio): void => kept.send(message);

  const onState = (next: RadioState): void => {
    if (next !== 'starting') kept.loaded();
    cancelRecovered();
    if (next === 'ready') cancelRecovered = clock.after(recoveredAfterMs, () => kept.healthy());
    // A new process starts where the old one stood: "no dongle" stays until one is found.
    if (next !== 'starting' || state.value === 'ready') state.next(next);
  };

  const receive = (message: FromRadio): void => {
    switch (message.type) {
      case 'hello':
        return;
      case 'state':
        onState(message.state);
        return;
      case 'listening':
        listening.next(message.listening);
        return;
      case 'adverts':
        for (const advert of message.adverts) advertisements.next(advert);
        return;
      case 'pong':
        kept.beat();
        return;
      case 'connected':
        calls.connected(message.id);
        return;
      case 'done':
        calls.done(message);
        return;
      case 'failed':
        calls.failed(message.id, message.failure);
        return;
      case 'frame':
        links.frame(message.link, message.frame);
        return;
      case 'ended':
        links.ended(message.link, message.failure);
        return;
      case 'log':
        logger[message.level](message.event, { detail: message.detail });
        return;
    }
  };

  const kept = keepRunning({
    spawn,
    clock,
    random,
    logger,
    ping: (process, beat) => process.send({ type: 'ping', beat } satisfies ToRadio),
    isHello: (message) => fromRadioSchema.safeParse(message).data?.type === 'hello',
    onStarted: (process) => process.send({ type: 'start', config } satisfies ToRadio),
    onMessage: (message) => {
      const parsed = fromRadioSchema.safeParse(message);
      if (parsed.success) receive(parsed.data);
      else logger.warn('radio message refused');
    },
    onLost: (_why, failures) => {
      cancelRecovered();
      listening.next(false);
      calls.failAll('radio_restarted');
      links.endAll('radio_restarted');
      if (failures >= restartsUntilStuck && state.value === 'starting') state.next('stuck');
      if (state.value === 'ready') state.next('starting');
    },
  });

  /** A radio that is on its way up is waited for; one that can't come by itself is not. */
  const whenReady = async (operation: RadioOperation): Promise<void> => {
    if (state.value === 'ready') return;
    if (state.value === 'no_dongle' || state.value === 'no_permission') throw new RadioError('no_dongle');
    const ready = firstValueFrom(state.pipe(filter((next) => next === 'ready')), { defaultValue: null });
    try {
      await bounded(clock, operation, ready);
    } catch (error) {
      const late = error instanceof RadioError && error.failure === 'timeout';
      throw late ? new RadioError('radio_restarted') : error;
    }
  };

  const connect = async (peer: string, operation: ConnectOperation): Promise<RadioLink> => {
    const time = startOperation(clock, operation);
    await whenReady(operation);
    const left = time.left();
    const { early } = operation;
    const opened = Promise.withResolvers<RadioLink>();
    await calls.start(left, {
      send: (id) =>
        send({ type: 'connect', id, peer, timeoutMs: left.timeoutMs, ...(early ? { early } : {}) }),
      cancel: (id) => send({ type: 'cancel', id }),
      onConnected: operation.onConnected,
      // At once: the link's first frames may be right behind.
      onDone: ({ id, maxFrame = 0, handles = null }: Done) =>
        opened.resolve(links.open(id, { peer, maxFrame, handles })),
      onLateAnswer: (id) => send({ type: 'close', id: 0, link: id }),
    });
    return opened.promise;
  };

  return {
    state$: state.pipe(distinctUntilChanged()),
    listening$: listening.pipe(distinctUntilChanged()),
    advertisements$: advertisements.asObservable(),
    connect,
    get pid() {
      return kept.pid;
    },
    dispose: async () => {
      cancelRecovered();
      await kept.dispose();
      calls.failAll('cancelled');
      links.endAll('cancelled');
      state.complete();
      listening.complete();
      advertisements.complete();
    },
  };
};
