/**
 * Gives the kiosk new keys while it goes on working. Every step is durable before the next begins, so a kiosk that stops
 * anywhere goes on where it was:
 *
 *   1. new pairs are made and kept                     old pairs sign and open
 *   2. the backend takes them                          either signs, either opens
 *   3. the new signing key is used once                the backend forgets the old one
 *   4. every Key Certificate is pulled anew            either opens
 *   5. none is sealed to the old pair: it is erased    only the new pairs are left
 */
import { backoffMs } from '#shared/flow/backoff.ts';
import type { Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { routes } from '#shared/http/routes.ts';
import { isRefusal, type Outcome, type RequestProblem } from '../backend/answer.ts';
import type { BackendClient } from '../backend/client.ts';
import { askForToken } from '../backend/token.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import type { Vault } from './port.ts';

const retry = { firstMs: 5_000, longestMs: 10 * 60_000, chance: 0.5 };
/** A pull that was under way when the kiosk asked for all anew may end after that and skip it: asked again. */
const pullTries = 3;

export interface KeyRotation {
  /** Begins one, unless one is under way. */
  wanted(): void;
  /** Goes on with what the last run left unfinished. */
  resume(): void;
  dispose(): Promise<void>;
}

export interface KeyRotationOptions {
  readonly vault: Vault;
  readonly backend: BackendClient;
  readonly keys: {
    serials(): ReadonlySet<string>;
    sealed(serialNumber: string): Promise<string | null>;
    /** What else is sealed to the kiosk. */
    others(): readonly string[];
    /** From the next round on, every Key Certificate and the rest comes again. */
    pullAnew(): void;
  };
  readonly resync: (signal: AbortSignal) => Promise<Result<null>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** `later`: tried again by itself. `ended`: through, or nothing that trying again would mend. */
type End = 'later' | 'ended';
type Sent = 'accepted' | 'refused' | 'unanswered';

export const createKeyRotation = (options: KeyRotationOptions): KeyRotation => {
  const { vault, backend, keys, clock, random, logger } = options;
  const stopper = new AbortController();
  let running: Promise<void> | null = null;
  let cancelRetry = (): void => undefined;
  let failures = 0;

  const sentBy = (answer: Outcome<unknown, RequestProblem>): Sent => {
    if (answer.ok) return 'accepted';
    logger.warn('key rotation not accepted', { problem: answer.problem.kind });
    return isRefusal(answer.problem) ? 'refused' : 'unanswered';
  };

  const register = async (): Promise<Sent> => {
    const request = await vault.prepareRotation();
    if (!request.ok) return 'refused';
    const sent = sentBy(await backend.call(routes.rotateKeys, { body: request.value }, stopper.signal));
    if (sent === 'accepted') await vault.adoptRotation();
    return sent;
  };

  /** A token that nobody needs: asking for it is the first use of the new signing key. */
  const confirm = async (): Promise<Sent> =>
    sentBy(await askForToken(backend, (audience) => vault.clientAssertion(audience), stopper.signal));

  const allSealedAnew = async (): Promise<boolean> => {
    for (const serialNumber of keys.serials()) {
      const sealed = await keys.sealed(serialNumber);
      if (sealed !== null && !(await vault.isSealedToCurrent(sealed))) return false;
    }
    for (const sealed of keys.others()) if (!(await vault.isSealedToCurrent(sealed))) return false;
    return true;
  };

  const sealAnew = async (): Promise<boolean> => {
    // None here says nothing yet: a pull that began before the backend had the new pairs may be bringing the first.
    if (keys.serials().size === 0 && !(await options.resync(stopper.signal)).ok) return false;
    for (let count = 0; count < pullTries; count += 1) {
      if (await allSealedAnew()) return true;
      keys.pullAnew();
      if (!(await options.resync(stopper.signal)).ok) return false;
    }
    return allSealedAnew();
  };

  const rotate = async (): Promise<End> => {
    if (vault.rotation !== 'adopted') {
      const sent = await register();
      if (sent !== 'accepted') return sent === 'refused' ? 'ended' : 'later';
    }
    const confirmed = await confirm();
    if (confirmed !== 'accepted') return confirmed === 'refused' ? 'ended' : 'later';
    if (!(await sealAnew())) return 'later';
    await vault.settleRotation();
    logger.info('kiosk keys replaced');
    return 'ended';
  };

  const run = (): void => {
    if (running || stopper.signal.aborted || !vault.identity) return;
    cancelRetry();
    running = rotate()
      .catch((error: unknown): End => {
        // A disk that cannot be written to, most likely: what was begun is kept, and gone on with.
        logger.error('key rotation threw', describeThrown(error));
        return 'later';
      })
      .then((end) => {
        running = null;
        failures = end === 'later' ? failures + 1 : 0;
        if (end === 'ended' || stopper.signal.aborted) return;
        cancelRetry = clock.after(backoffMs(retry, failures, random.float()), run);
      });
  };

  return {
    wanted: run,
    resume: () => {
      if (vault.rotation !== 'none') run();
    },
    dispose: async () => {
      stopper.abort();
      cancelRetry();
      await running;
    },
  };
};
