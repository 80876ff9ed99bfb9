/** Whether the update channel answers, and with what IT has signed. */
import type { NoAnswer } from '#shared/models/no-answer.ts';
import { askChannel } from '../updates/channel.ts';
import { isGivenUp } from '../updates/handed-over.ts';
import { mostAheadMs } from '../updates/manifest.ts';
import { recall } from '../updates/memory.ts';
import { digestOfKey } from '../updates/proof.ts';
import { mostRefusals } from '../updates/result.ts';
import type { CheckPorts, CheckResult } from './ports.ts';
import { channelWords, noAnswerWords } from './words.ts';

export const checkUpdates = async ({
  updates,
  clock,
}: Pick<CheckPorts, 'updates' | 'clock'>): Promise<readonly CheckResult[]> => {
  if (!updates) return [];
  const part = 'updates';
  const silence: { why: NoAnswer | null } = { why: null };
  const asked = await askChannel(updates, new AbortController().signal, (why) => (silence.why = why));
  if (!asked.ok) {
    const words = channelWords[asked.error.code] ?? asked.error.code;
    return [{ part, ok: false, seen: silence.why === null ? words : noAnswerWords[silence.why] }];
  }
  const { version, issuedAt, expiresAt } = asked.value.manifest;
  if (issuedAt > clock.now() + mostAheadMs) {
    const at = new Date(issuedAt).toISOString();
    return [{ part, ok: false, seen: `version ${version}, signed, is from the future: it was issued ${at}` }];
  }
  if (isGivenUp(asked.value.manifest, await recall(updates.folder, digestOfKey(updates.key)))) {
    const seen = `version ${version}, signed, was refused ${mostRefusals} times by this computer's packages (journalctl -u latchpoint-update): it waits for you to publish again`;
    return [{ part, ok: false, seen }];
  }
  const until = new Date(expiresAt).toISOString();
  const isOver = clock.now() >= expiresAt;
  return [
    { part, ok: !isOver, seen: `version ${version}, signed, ${isOver ? 'ran out' : 'holds until'} ${until}` },
  ];
};
