/** One session over one line: the lock proves who it is, is told a command, and perhaps more of them. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Random } from '../../../platform/random.ts';
import { equalBytes } from '../../wire/bytes.ts';
import type { LockCommand } from '../../wire/commands.ts';
import type { UsableCredentials } from './credentials.ts';
import { createLateSession, type LateSession } from './late-credentials.ts';
import type { Line } from './lines.ts';
import { authenticate, tell, type Accepted } from './lock-conversation.ts';
import type { OperationScope } from './operation-scope.ts';
import type { Revocations } from './revocations.ts';
import type { TimeTokens } from './time-tokens.ts';

type CommandType = LockCommand['type'];
export type Answer<Type extends CommandType> = Accepted & { readonly type: Type };

/** Tells the lock one thing more, in the same session. */
export type Ask = <Type extends CommandType>(
  command: LockCommand & { readonly type: Type },
) => Promise<Result<Answer<Type>>>;

export interface TellingPorts {
  readonly random: Random;
  readonly timeTokens: TimeTokens;
  readonly revocations: Revocations;
}

const isAnswerTo = <Type extends CommandType>(type: Type, answer: Accepted): answer is Answer<Type> =>
  answer.type === type;

/** Authenticated, and yet no answer to what was asked: nothing can be said of what the lock did. */
const answerTo = <Type extends CommandType>(
  type: Type,
  answered: Result<Accepted>,
  { serialNumber, scope }: { readonly serialNumber: string; readonly scope: OperationScope },
): Result<Answer<Type>> => {
  if (!answered.ok) return answered;
  if (isAnswerTo(type, answered.value)) return ok(answered.value);
  return fail(scope.committed ? 'lock.outcome_unknown' : 'lock.protocol', { serialNumber });
};

/** The lock itself says that it has another key by now than the one that it was to give up: it was released before. */
const hasGivenUpItsKey = (answered: Result<Accepted>): boolean =>
  !answered.ok &&
  answered.error.code === 'lock.chain_refused' &&
  answered.error.params['reason'] === 'key_other_key';

export const createTelling =
  ({ random, timeTokens, revocations }: TellingPorts) =>
  async <Type extends CommandType, T>(
    { line, prepared }: { readonly line: Line; readonly prepared: LateSession | null },
    usable: UsableCredentials,
    command: LockCommand & { readonly type: Type },
    scope: OperationScope,
    use: (answer: Answer<Type>, ask: Ask) => Promise<Result<T>> | Result<T>,
  ): Promise<Result<T>> => {
    const opened = await line.conversation(scope);
    if (!opened.ok) return opened;
    const conversation = opened.value;
    const { serialNumber } = conversation;
    const { deviceCertificate } = usable.credentials;
    const isReady = prepared !== null && equalBytes(prepared.deviceCertificate, deviceCertificate);
    const late = isReady ? prepared : createLateSession({ random, timeTokens }, deviceCertificate);
    if (!isReady) {
      const ready = await authenticate(conversation, late.session);
      if (!ready.ok) {
        line.understood(false);
        return ready;
      }
      late.proven(ready.value);
      line.proven();
    }
    const timeToken = await scope.within(late.timeToken());
    late.lend(usable);
    const revocationList = revocations.forLock(serialNumber);
    let carried = revocationList;
    const told = await tell(conversation, late.session, command, {
      ...(timeToken === null ? {} : { timeToken }),
      ...(revocationList === null ? {} : { revocationList }),
      onListLeftOut: () => {
        carried = null;
      },
    });
    line.understood(told.ok);
    revocations.went(serialNumber, carried, command, told);
    const isReleased = command.type === 'release' && hasGivenUpItsKey(told);
    const answer = answerTo<Type>(command.type, isReleased ? ok({ type: 'release' }) : told, conversation);
    if (!answer.ok) return answer;
    const ask: Ask = async (next) =>
      answerTo(next.type, await tell(conversation, late.session, next), conversation);
    return use(answer.value, ask);
  };
