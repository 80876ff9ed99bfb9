/** Serves a radio over a message channel: the radio process's side of `protocol.ts`. */
import type { Subscription } from 'rxjs';
import type { Clock } from '../platform/clock.ts';
import { createAdvertBatch } from './advert-batch.ts';
import { RadioError, type RadioFailure, type RadioLink, type RadioPort } from './port.ts';
import type { FromRadio, ToRadio } from './protocol.ts';

export interface RadioServer {
  handle(message: ToRadio): void;
  dispose(): Promise<void>;
}

type Done = Extract<FromRadio, { type: 'done' }>;

const failureOf = (error: unknown): RadioFailure =>
  error instanceof RadioError ? error.failure : 'link_lost';

export const serveRadio = (
  radio: RadioPort,
  clock: Clock,
  send: (message: FromRadio) => void,
): RadioServer => {
  const links = new Map<number, RadioLink>();
  const calls = new Map<number, AbortController>();
  const batch = createAdvertBatch(clock, (adverts) => send({ type: 'adverts', adverts: [...adverts] }));
  const subscriptions: Subscription[] = [
    radio.state$.subscribe((state) => send({ type: 'state', state })),
    radio.listening$.subscribe((listening) => send({ type: 'listening', listening })),
    radio.advertisements$.subscribe((advert) => batch.add(advert)),
  ];

  /** `after` runs once the answer has left: what it sends must not overtake it. */
  const call = async (
    id: number,
    work: (signal: AbortSignal) => Promise<Pick<Done, 'maxFrame' | 'handles' | 'value'>>,
    after?: () => void,
  ): Promise<void> => {
    const abort = new AbortController();
    calls.set(id, abort);
    try {
      send({ ...(await work(abort.signal)), type: 'done', id });
      after?.();
    } catch (error) {
      send({ type: 'failed', id, failure: failureOf(error) });
    } finally {
      calls.delete(id);
    }
  };

  const linkOf = (number: number): RadioLink => {
    const link = links.get(number);
    if (!link) throw new RadioError('link_lost');
    return link;
  };

  const adopt = (number: number, link: RadioLink): void => {
    links.set(number, link);
    link.frames$.subscribe((frame) => send({ type: 'frame', link: number, frame }));
    void link.closed.then((failure) => {
      links.delete(number);
      send({ type: 'ended', link: number, failure });
    });
  };

  const handle = (message: ToRadio): void => {
    switch (message.type) {
      case 'start':
        return;
      case 'ping':
        send({ type: 'pong', beat: message.beat });
        return;
      case 'connect': {
        const { id, peer, timeoutMs, early } = message;
        const onConnected = (): void => send({ type: 'connected', id });
        let link: RadioLink | null = null;
        const open = async (signal: AbortSignal): Promise<Pick<Done, 'maxFrame' | 'handles'>> => {
          link = await radio.connect(peer, { timeoutMs, signal, onConnected, ...(early ? { early } : {}) });
          if (signal.aborted) {
            await link.close();
            throw new RadioError('cancelled');
          }
          return { maxFrame: link.maxFrame, handles: link.handles };
        };
        void call(id, open, () => {
          if (link) adopt(id, link);
        });
        return;
      }
      case 'read': {
        const { id, link, characteristic, timeoutMs } = message;
        void call(id, async (signal) => ({
          value: await linkOf(link).read(characteristic, { timeoutMs, signal }),
        }));
        return;
      }
      case 'send': {
        const { id, link, frame, timeoutMs } = message;
        void call(id, async (signal) => {
          await linkOf(link).send(frame, { timeoutMs, signal });
          return {};
        });
        return;
      }
      case 'close':
        void call(message.id, async () => {
          await links.get(message.link)?.close();
          return {};
        });
        return;
      case 'cancel':
        calls.get(message.id)?.abort();
        return;
    }
  };

  return {
    handle,
    dispose: async () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
      batch.dispose();
      await radio.dispose();
    },
  };
};
