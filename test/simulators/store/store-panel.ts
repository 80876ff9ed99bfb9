/** What the air panel shows of the simulated store, and what each of its actions does to it. */
import type { PanelAction, PanelState } from '../panel/contract.ts';
import type { StoreAir } from '../air/store-air.ts';
import type { BackOffice } from './back-office.ts';
import type { StoreLock } from './locks.ts';
import type { Network } from './network.ts';
import type { VendorControl } from './vendor-control.ts';

export interface StorePanelPorts {
  readonly air: StoreAir;
  readonly locks: readonly StoreLock[];
  readonly network: Network;
  readonly vendor: VendorControl;
  readonly backOffice: BackOffice;
  /** Tells whoever runs the kiosk to move its clock. */
  moveKioskClock(offsetMs: number): void;
}

export interface StorePanel {
  state(): PanelState;
  act(action: PanelAction): Promise<void>;
  /** Looks what the vendor and the back office have done by themselves. Rejects when one of them does not answer. */
  look(): Promise<void>;
  onChange(listener: () => void): () => void;
  /** Where the kiosk is, and the code it is waiting for, if it waits for one. */
  setKiosk(url: string, registrationCode: string | null): void;
  dispose(): void;
}

export const createStorePanel = (ports: StorePanelPorts): StorePanel => {
  const { air, network, vendor, backOffice } = ports;
  const listeners = new Set<() => void>();
  const distances = new Map(ports.locks.map(({ entry }) => [entry.serialNumber, entry.distance]));
  let dongle: PanelState['dongle'] = 'in';
  let kioskClockOffsetMs = 0;
  let kiosk: Pick<PanelState, 'kioskUrl' | 'registrationCode'> = { kioskUrl: null, registrationCode: null };
  const looks = new Map<
    string,
    Pick<PanelState['locks'][number], 'provisioned' | 'boltOpen' | 'tamper' | 'blinking' | 'battery'>
  >();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const subscriptions = ports.locks.map(({ lock }) =>
    lock.state$.subscribe(({ provisioned, boltOpen, tamper, blinking, battery }) => {
      looks.set(lock.serialNumber, { provisioned, boltOpen, tamper, blinking, battery });
      changed();
    }),
  );
  const find = (serialNumber: string): StoreLock => {
    const found = ports.locks.find(({ entry }) => entry.serialNumber === serialNumber);
    if (!found) throw new Error(`no lock ${serialNumber} in this store`);
    return found;
  };

  const perform = async (action: PanelAction): Promise<void> => {
    switch (action.type) {
      case 'network':
        network.set(action.to);
        return;
      case 'dongle':
        dongle = action.to;
        air.dongle(action.to);
        return;
      case 'kiosk_clock':
        kioskClockOffsetMs = action.offsetMs;
        ports.moveKioskClock(action.offsetMs);
        return;
      case 'lapse_intermediate':
        return vendor.lapse(action.seconds);
      case 'renew_intermediate':
        return vendor.renew();
      case 'vendor':
        return vendor.mode(action.to);
      case 'revoke_key':
        return vendor.revokeKey(find(action.serialNumber).entry.serialNumber);
      case 'order_release':
        return backOffice.orderRelease(find(action.serialNumber).entry.serialNumber);
      case 'move_lock':
        find(action.serialNumber);
        distances.set(action.serialNumber, action.distance);
        air.moveLock(action.serialNumber, action.distance);
        return;
      case 'battery':
        find(action.serialNumber).lock.setBattery(action.percent);
        return;
      case 'tamper':
        find(action.serialNumber).lock.setTamper(action.on);
        return;
      case 'lose_power':
        find(action.serialNumber).lock.losePower();
        return;
    }
  };

  return {
    state: () => ({
      ...kiosk,
      network: network.state,
      dongle,
      kioskClockOffsetMs,
      intermediate: vendor.intermediate,
      vendor: vendor.vendor,
      locks: ports.locks.map(({ entry, lock }) => ({
        serialNumber: entry.serialNumber,
        name: entry.name,
        distance: distances.get(entry.serialNumber) ?? entry.distance,
        ofThisStore: entry.belongs !== 'other',
        keyRevoked: vendor.revoked.has(entry.serialNumber),
        toBeReleased: backOffice.toBeReleased.has(entry.serialNumber),
        ...(looks.get(lock.serialNumber) ?? {
          provisioned: false,
          boltOpen: false,
          tamper: false,
          blinking: false,
          battery: entry.battery,
        }),
      })),
    }),
    act: async (action) => {
      await perform(action);
      changed();
    },
    look: async () => {
      await Promise.all([vendor.refresh(), backOffice.refresh()]).finally(changed);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setKiosk: (kioskUrl, registrationCode) => {
      kiosk = { kioskUrl, registrationCode };
      changed();
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
      listeners.clear();
    },
  };
};
