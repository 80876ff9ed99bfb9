/** The radio over one noble, for as long as its adapter stays: after that it is down for good and another one is made. */
import { BehaviorSubject, Subject } from 'rxjs';
import { every } from '#shared/flow/every.ts';
import type { Clock } from '../platform/clock.ts';
import { createAdapterWatch } from './adapter-watch.ts';
import type { OnAgain } from './advert-filter.ts';
import { watchCommands } from './command-answers.ts';
import { createConnector } from './connector.ts';
import { createHandleCache, type HandleCache } from './gatt-handles.ts';
import { createHciGattClient } from './hci-gatt-client.ts';
import { createNobleGattClient } from './noble-gatt-client.ts';
import { hciBindingsOf, type Noble, type NoblePeripheral } from './noble-types.ts';
import { createPeers } from './peers.ts';
import {
  RadioError,
  type Advertisement,
  type RadioFailure,
  type RadioPort,
  type RadioState,
} from './port.ts';
import { createScanner } from './scanner.ts';

export type DownReason = 'no_dongle' | 'no_permission' | 'stuck';

export interface NobleRadio extends RadioPort {
  /** Resolves once, when this radio can't go on. */
  readonly down: Promise<DownReason>;
  /** To be told of what noble is spared. */
  readonly heardAgain: OnAgain;
  /** Addresses that are remembered now. */
  peerCount(): number;
}

export interface NobleRadioOptions {
  readonly noble: Noble;
  readonly clock: Clock;
  /** Survives the radio: handles found before a replug are good after it. */
  readonly handles?: HandleCache;
  /** `noble`: through its classes even where its HCI bindings could be used; slower. */
  readonly gatt?: 'hci' | 'noble';
  /** Resolves when whatever carries HCI is gone. */
  readonly transportClosed?: Promise<void>;
  /** Resolves when the controller says that its hardware has failed. */
  readonly hardwareFailed?: Promise<void>;
}

/** An adapter that does not listen by then does not answer. */
export const startWithinMs = 3_000;
const sweepEveryMs = 10_000;

export const createNobleRadio = (options: NobleRadioOptions): NobleRadio => {
  const { noble, clock } = options;
  const state = new BehaviorSubject<RadioState>('starting');
  const advertisements = new Subject<Advertisement>();
  const down = Promise.withResolvers<DownReason>();
  const gone = Promise.withResolvers<RadioFailure>();
  const handles = options.handles ?? createHandleCache();
  const peers = createPeers(noble, clock);
  let over = false;

  const finish = (reason: DownReason, failure: RadioFailure): void => {
    if (over) return;
    over = true;
    cancelStart();
    stopSweeping();
    scanner.dispose();
    adapter.dispose();
    answers?.dispose();
    listening.unsubscribe();
    gone.resolve(failure);
    connector.end(failure);
    noble.removeListener('stateChange', onState);
    noble.removeListener('discover', onDiscover);
    state.next(reason);
    state.complete();
    advertisements.complete();
    down.resolve(reason);
  };

  const onStuck = (): void => finish('stuck', 'radio_restarted');
  const cancelStart = clock.after(startWithinMs, onStuck);

  const bindings = hciBindingsOf(noble);
  const answers = bindings ? watchCommands(bindings._hci._socket) : null;
  const scanner = createScanner({ noble, clock, answers, isBusy: () => connector.anyBusy(), onStuck });
  const adapter = createAdapterWatch({ noble, clock, onStuck });
  const connector = createConnector({
    clock,
    scanner,
    adapter,
    find: (peer) => peers.find(peer),
    gattOf: (peripheral) => {
      const gatt = options.gatt === 'noble' ? undefined : bindings?._gatts[peripheral.id];
      return bindings && gatt
        ? createHciGattClient({ bindings, gatt, peripheral, cache: handles })
        : createNobleGattClient(peripheral);
    },
    gone: gone.promise,
    onStuck,
  });

  const onState = (name: string): void => {
    if (over) return;
    if (name === 'poweredOn') {
      scanner.start();
    } else if (name === 'unauthorized') {
      finish('no_permission', 'no_dongle');
    } else if (name === 'poweredOff' || name === 'unsupported') {
      // noble tells none of its peripherals: every link is dead, whatever it says of them.
      finish('no_dongle', 'no_dongle');
    }
  };

  // "Ready" is what the adapter says of its scan: before, no report can come.
  const listening = scanner.listening$.subscribe((listens) => {
    if (!listens || over) return;
    cancelStart();
    if (state.value !== 'ready') state.next('ready');
  });

  const onDiscover = (peripheral: NoblePeripheral): void => advertisements.next(peers.heard(peripheral));

  const stopSweeping = every(clock, sweepEveryMs, () => peers.sweep((peer) => connector.busy(peer)));

  noble.on('stateChange', onState);
  noble.on('discover', onDiscover);
  void options.transportClosed?.then(() => finish('no_dongle', 'no_dongle'));
  void options.hardwareFailed?.then(onStuck);
  if (noble.state !== 'unknown') onState(noble.state);

  return {
    state$: state.asObservable(),
    listening$: scanner.listening$,
    advertisements$: advertisements.asObservable(),
    down: down.promise,
    heardAgain: ({ peer, rssi }) => {
      const advertisement = peers.heardAgain(peer, rssi);
      if (advertisement) advertisements.next(advertisement);
      return advertisement !== null;
    },
    peerCount: () => peers.size,
    connect: (peer, operation) =>
      over ? Promise.reject(new RadioError('no_dongle')) : connector.connect(peer, operation),
    dispose: () => {
      finish('no_dongle', 'cancelled');
      return Promise.resolve();
    },
  };
};
