/** One authenticated conversation with one lock: authenticate, tell it one command, hear what became of it. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { Random } from '../../platform/random.ts';
import type { LockCommand } from '../commands.ts';
import { createKioskSession } from '../kiosk-session.ts';
import { plainIdentify, readIdentified } from '../link-messages.ts';
import type { CommandResult } from '../results.ts';
import type { KioskAction } from '../session.ts';
import type { Signer } from '../signing.ts';
import type { CheckedCredentials } from './credentials.ts';
import type { Incoming, MessageStream } from './message-stream.ts';
import type { OperationScope } from './operation-scope.ts';
import { endedEarly, linkFailed, radioFailed, refusedBy } from './outcomes.ts';

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

/**
 * Runs a session with `command`. A command that changes the lock commits the operation just before its last frame leaves.
 * The lock's authenticated refusal is a failed Result; so is every end without an authenticated answer.
 */
export const converse = async (
  conversation: Conversation,
  ports: { readonly random: Random; readonly credentials: CheckedCredentials; readonly sign: Signer },
  command: LockCommand,
): Promise<Result<Accepted>> => {
  const { serialNumber, scope, stream } = conversation;
  const changesLock = command.type === 'unlock' || command.type === 'provision';
  const session = createKioskSession({ random: ports.random, ...ports.credentials, sign: ports.sign });
  let action: KioskAction = session.start();
  for (;;) {
    switch (action.type) {
      case 'send': {
        const commits = action.committed && changesLock;
        const problem = await stream.send(action.message, commits ? () => scope.commit() : undefined);
        const incoming = problem ?? (await stream.next());
        if (incoming.type !== 'message') return failedBy(conversation, incoming);
        action = session.receive(incoming.message);
        break;
      }
      case 'ready':
        scope.stage('actuate');
        action = session.command(command);
        break;
      case 'failed':
        return linkFailed(serialNumber, scope, action.failure);
      case 'result':
        return action.result.type === 'refused'
          ? refusedBy(serialNumber, action.result.refusal)
          : ok(action.result);
    }
  }
};

/** Asks an unprovisioned lock to blink. Nothing is authenticated, and nothing but blinking comes of it. */
export const askToBlink = async (conversation: Conversation): Promise<Result<null>> => {
  const { serialNumber, scope, stream } = conversation;
  scope.stage('actuate');
  const incoming = (await stream.send(plainIdentify)) ?? (await stream.next());
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
