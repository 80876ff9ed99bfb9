/** A conversation with one lock: it proves who it is, is sent one command, and says what became of it. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { LockCommand } from '../../wire/commands.ts';
import { plainIdentify, readIdentified } from '../../wire/link-messages.ts';
import type { CommandResult } from '../../wire/results.ts';
import type { KioskAction, KioskSession, SessionAttachments, SessionCredentials } from '../session.ts';
import type { Incoming, MessageStream } from './message-stream.ts';
import type { OperationScope } from './operation-scope.ts';
import { endedEarly, linkFailed, radioFailed, refusedBy } from './outcomes.ts';
import { createTrialScope } from './trial-scope.ts';

/** A result that is not a refusal. */
export type Accepted = Exclude<CommandResult, { readonly type: 'refused' }>;

export interface Conversation {
  readonly serialNumber: string;
  readonly scope: OperationScope;
  readonly stream: MessageStream;
}

const failedBy = (
  { serialNumber, scope }: Conversation,
  incoming: Exclude<Incoming, { type: 'message' }>,
) => {
  switch (incoming.type) {
    case 'broken':
      return linkFailed(serialNumber, scope, incoming.failure);
    case 'lost':
      return radioFailed(serialNumber, scope, incoming.failure);
    case 'ended':
      return endedEarly(serialNumber, scope);
  }
};

/** The lock has proved who it is and waits for a command. */
export type Ready = KioskAction & { readonly type: 'ready' };

type Step = Result<KioskAction & { readonly type: 'ready' | 'result' }>;

/** Exchanges messages until the session asks for something else. A committed message commits the operation. */
const converse = async (
  conversation: Conversation,
  session: KioskSession,
  first: KioskAction,
  changesLock: boolean,
): Promise<Step> => {
  const { serialNumber, scope, stream } = conversation;
  let action = first;
  for (;;) {
    switch (action.type) {
      case 'send': {
        const commits = action.committed && changesLock;
        const problem = await stream.send(action.message, scope, commits ? () => scope.commit() : undefined);
        const incoming = problem ?? (await stream.next(scope));
        if (incoming.type !== 'message') return failedBy(conversation, incoming);
        action = session.receive(incoming.message);
        break;
      }
      case 'failed':
        return linkFailed(serialNumber, scope, action.failure);
      case 'ready':
      case 'result':
        return ok(action);
    }
  }
};

const readyOnly = ({ serialNumber, scope }: Conversation, step: Step): Result<Ready> => {
  if (!step.ok) return step;
  return step.value.type === 'ready' ? ok(step.value) : linkFailed(serialNumber, scope, 'out_of_order');
};

/** Lets the lock prove who it is. It needs no credentials of this end. */
export const authenticate = async (
  conversation: Conversation,
  session: KioskSession,
): Promise<Result<Ready>> =>
  readyOnly(conversation, await converse(conversation, session, session.start(), false));

/** Of some intervals' work: who has said nothing by then has not taken the early start, or is not the lock that offered it. */
const earlyAnswerMs = 1_500;

/** Lets the lock prove who it is, to whom `session`'s first message went as the link opened. Silence is a lost link. */
export const awaitAuthenticated = async (
  conversation: Conversation,
  session: KioskSession,
  clock: Clock,
): Promise<Result<Ready>> => {
  const { serialNumber, scope, stream } = conversation;
  const trial = createTrialScope(clock, scope, earlyAnswerMs);
  const incoming = await stream.next(trial);
  trial.dispose();
  if (incoming.type === 'ended' && scope.ending === null) return fail('lock.link_lost', { serialNumber });
  if (incoming.type !== 'message') return failedBy(conversation, incoming);
  return readyOnly(
    conversation,
    await converse(conversation, session, session.receive(incoming.message), false),
  );
};

const changesLock = ({ type }: LockCommand): boolean =>
  type === 'unlock' || type === 'provision' || type === 'release';

/**
 * Sends the lock `command`; the first of a session is signed with `credentials`. A command that changes the lock commits the operation just before its last frame leaves. The
 * lock's authenticated refusal is a failed Result; so is every end without an authenticated answer.
 */
export const sendCommand = async (
  conversation: Conversation,
  session: KioskSession,
  command: LockCommand,
  credentials: SessionCredentials,
  attachments: SessionAttachments = {},
): Promise<Result<Accepted>> => {
  const { serialNumber, scope } = conversation;
  if (scope.currentStage !== 'actuate') scope.stage('actuate');
  const answer = await converse(
    conversation,
    session,
    session.command(command, credentials, attachments),
    changesLock(command),
  );
  if (!answer.ok) return answer;
  if (answer.value.type !== 'result') return linkFailed(serialNumber, scope, 'out_of_order');
  const { result } = answer.value;
  return result.type === 'refused' ? refusedBy(serialNumber, result.refusal) : ok(result);
};

/** Asks an unprovisioned lock to blink. Nothing is authenticated, and nothing but blinking comes of it. */
export const askToBlink = async (conversation: Conversation): Promise<Result<null>> => {
  const { serialNumber, scope, stream } = conversation;
  scope.stage('actuate');
  const incoming = (await stream.send(plainIdentify, scope)) ?? (await stream.next(scope));
  if (incoming.type !== 'message') return failedBy(conversation, incoming);
  switch (readIdentified(incoming.message)) {
    case true:
      return ok(null);
    case false:
      return refusedBy(serialNumber, { reason: 'busy' });
    case null:
      return linkFailed(serialNumber, scope, 'malformed');
  }
};
