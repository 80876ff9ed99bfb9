/** The processes of the model's kiosks, used by one seed after the other. */
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import type { LockAnswer, LockQuestion } from './kiosk-messages.ts';
import { startKioskChild, type KioskChild } from './kiosk-child.ts';

export interface KioskProcesses {
  readonly kiosks: readonly { readonly name: string; readonly kiosk: KioskChild }[];
  /** Who answers for the locks and is told what pages show during the present seed. */
  present: {
    onLock(kiosk: string, question: LockQuestion): LockAnswer;
    onShown(kiosk: string, enrolments: Readonly<Record<string, EnrolmentState>>): void;
  } | null;
  /** Rejects when a kiosk ends that nobody has killed. */
  readonly crashed: Promise<never>;
  dispose(): Promise<void>;
}

const outOfReach: LockAnswer = { ok: false, error: { code: 'lock.connect_timeout', params: {} } };

export const startKioskProcesses = (): KioskProcesses => {
  const start = (name: string) => ({
    name,
    kiosk: startKioskChild({
      onLock: (question) => Promise.resolve(processes.present?.onLock(name, question) ?? outOfReach),
      onShown: (enrolments) => processes.present?.onShown(name, enrolments),
    }),
  });
  const kiosks = ['North', 'East', 'South'].map(start);
  const crashed = Promise.race(kiosks.map(({ kiosk }) => kiosk.crashed)).then((said): never => {
    throw new Error(`a kiosk crashed: ${said}`);
  });
  // Who runs a seed races it against this; before the first and after the last seed nobody does.
  crashed.catch(() => undefined);
  const processes: KioskProcesses = {
    kiosks,
    present: null,
    crashed,
    dispose: async () => {
      await Promise.all(kiosks.map(({ kiosk }) => kiosk.kill()));
    },
  };
  return processes;
};
