/** What was asked of the kiosks and what they acknowledged: nothing of it may be lost, and nothing may be there twice. */
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { EnrolmentState } from '#shared/models/enrolment.ts';

/** How often something was asked for, and how often it was answered how. */
export interface Tally {
  asked: number;
  open: number;
  notOpen: number;
  unknown: number;
}

export interface Ledger {
  /** Acknowledged captures: enrolment id to the lock's serial number and the kiosk's name. */
  readonly captures: Map<string, { readonly serialNumber: string; readonly kiosk: string }>;
  /** Captures asked for, acknowledged or not, by "kiosk serial number". */
  readonly capturesAsked: Map<string, number>;
  /** By "kiosk serial number". */
  readonly unlocks: Map<string, Tally>;
  /** By kiosk. */
  readonly signIns: Map<string, { asked: number; done: number }>;
  /** How often the backend was restored from a backup. */
  restores: number;
  /** Enrolments that some page has shown as provisioned. */
  readonly shownProvisioned: Set<string>;
  askUnlock(kiosk: string, serialNumber: string): (end: UnlockEnd['kind'] | null) => void;
  askCapture(kiosk: string, serialNumber: string): (enrolmentId: string | null) => void;
  askSignIn(kiosk: string): (done: boolean) => void;
  show(enrolments: Readonly<Record<string, EnrolmentState>>): void;
}

export const createLedger = (): Ledger => {
  const ledger: Ledger = {
    captures: new Map(),
    capturesAsked: new Map(),
    unlocks: new Map(),
    signIns: new Map(),
    restores: 0,
    shownProvisioned: new Set(),
    askUnlock: (kiosk, serialNumber) => {
      const key = `${kiosk} ${serialNumber}`;
      const tally = ledger.unlocks.get(key) ?? { asked: 0, open: 0, notOpen: 0, unknown: 0 };
      ledger.unlocks.set(key, tally);
      tally.asked += 1;
      return (end) => {
        if (end === 'open') tally.open += 1;
        if (end === 'not_open') tally.notOpen += 1;
        if (end === 'unknown') tally.unknown += 1;
        // Not begun at all: someone else's turn.
        if (end === null) tally.asked -= 1;
      };
    },
    askCapture: (kiosk, serialNumber) => {
      const key = `${kiosk} ${serialNumber}`;
      ledger.capturesAsked.set(key, (ledger.capturesAsked.get(key) ?? 0) + 1);
      return (enrolmentId) => {
        if (enrolmentId === null) ledger.capturesAsked.set(key, (ledger.capturesAsked.get(key) ?? 1) - 1);
        else ledger.captures.set(enrolmentId, { serialNumber, kiosk });
      };
    },
    askSignIn: (kiosk) => {
      const signIns = ledger.signIns.get(kiosk) ?? { asked: 0, done: 0 };
      ledger.signIns.set(kiosk, signIns);
      signIns.asked += 1;
      return (done) => {
        if (done) signIns.done += 1;
        else signIns.asked -= 1;
      };
    },
    show: (enrolments) => {
      for (const [enrolmentId, state] of Object.entries(enrolments)) {
        if (state === 'provisioned') ledger.shownProvisioned.add(enrolmentId);
      }
    },
  };
  return ledger;
};
