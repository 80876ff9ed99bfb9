/** A kiosk that does not check what it presents, as an attacker's would not: talks to a lock directly. */
import { createFragmenter, createReassembler } from '#kiosk/link/wire/frames.ts';
import { createKioskSession } from '#kiosk/link/kiosk/kiosk-session.ts';
import type { LinkFailure } from '#kiosk/link/wire/link-error.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import type { LockCommand } from '#kiosk/link/wire/commands.ts';
import type { CommandResult } from '#kiosk/link/wire/results.ts';
import type { KioskAction, SessionAttachments } from '#kiosk/link/kiosk/session.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';

const unlock: LockCommand = {
  type: 'unlock',
  holdOpenSeconds: 5,
  actorHash: new Uint8Array(32),
  reasonCode: 0,
};

/** The lock's authenticated answer, or how the session failed; null if the lock says nothing at all. */
export const tellUnchecked = (
  lock: LockPeripheral,
  credentials: LockCredentials,
  command: LockCommand = unlock,
  attachments: SessionAttachments = {},
): CommandResult | LinkFailure | null => {
  const { deviceCertificate, privateKey } = credentials;
  const session = createKioskSession({ random: systemRandom, deviceCertificate });
  const signing = { ...credentials, sign: createSigner(privateKey) };
  const fragmenter = createFragmenter(244);
  const reassembler = createReassembler();
  const heard: Uint8Array[] = [];
  const connection = lock.connected((frame) => {
    const message = reassembler.push(frame);
    if (message) heard.push(message);
  });
  const run = (action: KioskAction): CommandResult | LinkFailure | null => {
    switch (action.type) {
      case 'send': {
        for (const frame of fragmenter.fragment(action.message)) connection.receive(frame);
        const answer = heard.shift();
        return answer ? run(session.receive(answer)) : null;
      }
      case 'ready':
        return run(session.command(command, signing, attachments));
      case 'result':
        return action.result;
      case 'failed':
        return action.failure;
    }
  };
  const outcome = run(session.start());
  connection.disconnected();
  return outcome;
};
