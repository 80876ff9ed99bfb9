/** Registers with the code of the configuration: again and again where there is no connection, and told where it is of no use. */
import { backoffMs } from '#shared/flow/backoff.ts';
import type { AppError, Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { valueProblem } from '#shared/errors/value-problem.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { registrationCodeSchema } from '#shared/http/registration-code.ts';
import type { Clock } from './platform/clock.ts';
import type { Random } from './platform/random.ts';

const retry = { firstMs: 1_000, longestMs: 60_000, chance: 0.5 };

export interface ConfiguredCode {
  /** Begins to register with it; once for each start of the kiosk. */
  use(code: string, name: string): void;
  dispose(): void;
}

export interface ConfiguredCodeOptions {
  readonly register: (request: { code: string; name: string }) => Promise<Result<null>>;
  /** Whoever looks at the page is told why it has not worked. */
  readonly tell: (error: AppError) => void;
  /** The kiosk ends, or is registered, by whatever means. */
  readonly isOver: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export const createConfiguredCode = (options: ConfiguredCodeOptions): ConfiguredCode => {
  const { register, tell, isOver, clock, random, logger } = options;
  let cancelRetry = (): void => undefined;

  const attemptWith = async (code: string, name: string, attempt: number): Promise<void> => {
    const parsed = registrationCodeSchema.safeParse(code, { error: valueProblem });
    if (!parsed.success) {
      // Not tried: a backend counts what it refuses.
      const problem = parsed.error.issues[0]?.message ?? '';
      logger.error('configured code not used: it is none', { path: 'registrationCode' });
      const params = { source: 'the configuration', path: 'registrationCode', problem };
      tell({ code: 'config.invalid', params });
      return;
    }
    const registered = await register({ code: parsed.data, name });
    if (registered.ok || isOver()) return;
    tell(registered.error);
    if (registered.error.code !== 'sync.unreachable') return;
    const waitMs = backoffMs(retry, attempt, random.float());
    cancelRetry = clock.after(waitMs, () => begin(code, name, attempt + 1));
  };

  const begin = (code: string, name: string, attempt = 1): void => {
    attemptWith(code, name, attempt).catch((error: unknown) => {
      logger.error('registration threw', describeThrown(error));
    });
  };

  return { use: (code, name) => begin(code, name), dispose: () => cancelRetry() };
};
