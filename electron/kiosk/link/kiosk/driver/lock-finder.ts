/** From a serial number to an open link: waits until the lock is heard, then connects. */
import { onAbort } from '#shared/flow/abort.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import {
  RadioError,
  type EarlyStart,
  type RadioLink,
  type RadioPort,
  type RadioState,
} from '../../../radio/port.ts';
import type { OperationScope } from './operation-scope.ts';
import { endedEarly, radioFailed } from './outcomes.ts';
import type { Presence } from './presence.ts';

export interface LockFinder {
  /**
   * The stages find and connect. The caller closes the link. A peer that is connected to is put into `tried`: whoever is in
   * there already is passed over. `earlyAt` is asked what the link to a peer begins with, just before it is connected to.
   */
  reach(
    serialNumber: string,
    scope: OperationScope,
    tried: Set<string>,
    earlyAt?: (peer: string) => EarlyStart | null,
  ): Promise<Result<RadioLink>>;
}

/** A state in which waiting for an advertisement is in vain, as an error. */
const problemOf = (state: RadioState): Result<never> | null => {
  switch (state) {
    case 'no_dongle':
      return fail('radio.no_dongle');
    case 'no_permission':
      return fail('radio.no_permission');
    case 'stuck':
      return fail('radio.stuck');
    case 'starting':
    case 'ready':
      return null;
  }
};

export const createLockFinder = (radio: RadioPort, presence: Presence): LockFinder => {
  /** Its peer, or what stands in the way: the radio's state may change while waiting. */
  const find = async (
    serialNumber: string,
    scope: OperationScope,
    tried: ReadonlySet<string>,
  ): Promise<Result<string>> => {
    const watched: { state: RadioState; problem: Result<never> | null } = {
      state: 'starting',
      problem: null,
    };
    const stop = new AbortController();
    const forget = onAbort(scope.signal, () => stop.abort());
    const watching = radio.state$.subscribe((next) => {
      watched.state = next;
      watched.problem = problemOf(next);
      if (watched.problem) stop.abort();
    });
    try {
      const peer = await presence.waitFor(serialNumber, stop.signal, tried);
      if (watched.problem) return watched.problem;
      if (peer !== null) return ok(peer);
      const neverStarted = watched.state === 'starting' && scope.ending === 'deadline';
      return neverStarted ? fail('radio.restarting') : endedEarly(serialNumber, scope);
    } finally {
      watching.unsubscribe();
      forget();
    }
  };

  const connect = async (
    serialNumber: string,
    peer: string,
    scope: OperationScope,
    early: EarlyStart | null,
  ): Promise<Result<RadioLink> | 'not_known'> => {
    const connecting = radio.connect(peer, {
      timeoutMs: scope.remainingMs(),
      signal: scope.signal,
      ...(early ? { early } : {}),
    });
    try {
      const link = await scope.within(connecting);
      if (link) return ok(link);
      // The operation is over, the radio may not have heard of it yet: a link that still opens belongs to nobody.
      void connecting.then(
        (late) => late.close(),
        () => undefined,
      );
      return endedEarly(serialNumber, scope);
    } catch (error) {
      if (!(error instanceof RadioError)) throw error;
      presence.forget(serialNumber, peer);
      if (error.failure === 'not_found' && scope.ending === null) return 'not_known';
      return radioFailed(serialNumber, scope, error.failure);
    }
  };

  return {
    reach: async (serialNumber, scope, tried, earlyAt = () => null) => {
      for (;;) {
        scope.stage('find');
        const peer = await find(serialNumber, scope, tried);
        if (!peer.ok) return peer;
        scope.stage('connect');
        tried.add(peer.value);
        const link = await connect(serialNumber, peer.value, scope, earlyAt(peer.value));
        // A radio that has just been started anew knows no one yet: the next advertisement makes this peer known to it.
        if (link !== 'not_known') return link;
        tried.delete(peer.value);
      }
    },
  };
};
