/** What a person does at a kiosk, written into the ledger as it is asked for and as it is answered. */
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import type { Result } from '#shared/errors/app-error.ts';
import type { KioskChild } from './kiosk-child.ts';
import type { Ledger } from './ledger.ts';
import { pin, staffId } from './staff.ts';

export interface Page {
  signIn(): Promise<boolean>;
  capture(serialNumber: string): Promise<Result<unknown>>;
  /** How it ended, or why it was not begun: "open", "not_open lock.no_key", "lock.busy". */
  unlock(serialNumber: string): Promise<string>;
  provision(enrolmentId: string): Promise<Result<unknown>>;
  retry(enrolmentId: string): Promise<Result<unknown>>;
  abandon(enrolmentId: string): Promise<Result<unknown>>;
  /** "ok", or why not all is through. */
  sync(): Promise<string>;
}

/** Signs in by itself whenever that is asked for. All reject with `KioskGone` once the kiosk has been killed. */
export const openPage = (name: string, kiosk: KioskChild, ledger: Ledger): Page => {
  const signIn = async (): Promise<boolean> => {
    const answered = ledger.askSignIn(name);
    const { ok } = await kiosk.call('signIn', { staffId, pin });
    answered(ok);
    return ok;
  };
  const asPerson = async <T>(act: () => Promise<Result<T>>): Promise<Result<T>> => {
    const answer = await act();
    if (answer.ok || answer.error.code !== 'staff.not_signed_in') return answer;
    return (await signIn()) ? act() : answer;
  };

  return {
    signIn,
    capture: (serialNumber) =>
      asPerson(async () => {
        const answered = ledger.askCapture(name, serialNumber);
        const answer = await kiosk.call('captureEnrolment', { serialNumber, name: 'A case', group: '' });
        answered(answer.ok ? answer.value.enrolmentId : null);
        return answer;
      }),
    unlock: async (serialNumber) => {
      const answer = await asPerson(async () => {
        const answered = ledger.askUnlock(name, serialNumber);
        const end = await kiosk.call('unlock', { serialNumber });
        answered(end.ok ? end.value.kind : null);
        return end;
      });
      if (!answer.ok) return answer.error.code;
      const end = answer.value;
      return end.kind === 'not_open' ? `${end.kind} ${end.error.code}` : end.kind;
    },
    provision: (enrolmentId) => asPerson(() => kiosk.call('provisionEnrolment', { enrolmentId })),
    retry: (enrolmentId) => asPerson(() => kiosk.call('retryEnrolment', { enrolmentId })),
    abandon: (enrolmentId) => asPerson(() => kiosk.call('abandonEnrolment', { enrolmentId })),
    sync: async () => {
      const answer = await kiosk.call('syncNow', null);
      return answer.ok ? 'ok' : answer.error.code;
    },
  };
};

export type Shown = Map<string, EnrolmentState>;

export const idsIn = (shown: Shown, ...states: EnrolmentState[]): string[] =>
  [...shown].filter(([, state]) => states.includes(state)).map(([id]) => id);
