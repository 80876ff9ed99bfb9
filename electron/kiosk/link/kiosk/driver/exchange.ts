/** One session over one channel: the lock proves who it is, is sent a command, and perhaps more of them. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { equalBytes } from '../../wire/bytes.ts';
import type { LockCommand } from '../../wire/commands.ts';
import type { UsableCredentials } from './credentials.ts';
import type { Channel } from './channel.ts';
import { sendCommand, type Accepted, type Conversation } from './lock-conversation.ts';
import type { OperationScope } from './operation-scope.ts';
import { isAnswered } from './outcomes.ts';
import type { Prove, ProvenSession } from './proven-session.ts';
import type { Revocations } from './revocations.ts';

type CommandType = LockCommand['type'];
export type AcceptedOf<Type extends CommandType> = Accepted & { readonly type: Type };

/** Asks the lock one thing more, in the same session. */
export type Ask = <Type extends CommandType>(
  command: LockCommand & { readonly type: Type },
) => Promise<Result<AcceptedOf<Type>>>;

export interface ExchangePorts {
  readonly prove: Prove;
  readonly revocations: Revocations;
}

/** `prepared`: the session that this channel has already, if any. */
export interface Reached {
  readonly channel: Channel;
  readonly prepared: ProvenSession | null;
}

const isAnswerTo = <Type extends CommandType>(type: Type, answer: Accepted): answer is AcceptedOf<Type> =>
  answer.type === type;

/** Authenticated, and yet no answer to what was asked: nothing can be said of what the lock did. */
const answerTo = <Type extends CommandType>(
  type: Type,
  answered: Result<Accepted>,
  { serialNumber, scope }: { readonly serialNumber: string; readonly scope: OperationScope },
): Result<AcceptedOf<Type>> => {
  if (!answered.ok) return answered;
  if (isAnswerTo(type, answered.value)) return ok(answered.value);
  return fail(scope.committed ? 'lock.outcome_unknown' : 'lock.protocol', { serialNumber });
};

/** The lock itself says that it has another key by now than the one that it was to give up: it was released before. */
const hasGivenUpItsKey = (answered: Result<Accepted>): boolean =>
  !answered.ok &&
  answered.error.code === 'lock.chain_refused' &&
  answered.error.params['reason'] === 'key_other_key';

export const createLockExchange = ({ prove, revocations }: ExchangePorts) => {
  /** The session that was prepared, if it is with the lock that is asked for; else a new one. */
  const sessionOver = async (
    { channel, prepared }: Reached,
    conversation: Conversation,
    deviceCertificate: Uint8Array,
  ): Promise<Result<ProvenSession>> => {
    if (prepared !== null && equalBytes(prepared.deviceCertificate, deviceCertificate)) return ok(prepared);
    const proven = await prove(conversation, deviceCertificate, channel.takeBegun());
    const { scope } = conversation;
    const sized = proven.ok ? await channel.proven(proven.value.earlyStart, scope) : proven;
    if (sized.ok) return proven;
    channel.understood(false);
    return sized;
  };

  return async <Type extends CommandType, T>(
    reached: Reached,
    usable: UsableCredentials,
    command: LockCommand & { readonly type: Type },
    scope: OperationScope,
    use: (answer: AcceptedOf<Type>, ask: Ask) => Promise<Result<T>> | Result<T>,
  ): Promise<Result<T>> => {
    const { channel } = reached;
    const conversation = channel.conversation(scope);
    const { serialNumber } = conversation;
    const proven = await sessionOver(reached, conversation, usable.deviceCertificate);
    if (!proven.ok) return proven;
    const { session } = proven.value;
    const timeToken = await scope.within(proven.value.timeToken);
    const revocationList = revocations.forLock(serialNumber);
    let carried = revocationList;
    const answered = await sendCommand(conversation, session, command, usable, {
      ...(timeToken === null ? {} : { timeToken }),
      ...(revocationList === null ? {} : { revocationList }),
      onListLeftOut: () => {
        carried = null;
      },
    });
    channel.understood(isAnswered(answered));
    revocations.delivered(serialNumber, carried, command, answered);
    const isReleased = command.type === 'release' && hasGivenUpItsKey(answered);
    const answer = answerTo<Type>(
      command.type,
      isReleased ? ok({ type: 'release' }) : answered,
      conversation,
    );
    if (!answer.ok) return answer;
    const ask: Ask = async (next) =>
      answerTo(next.type, await sendCommand(conversation, session, next, usable), conversation);
    return use(answer.value, ask);
  };
};
