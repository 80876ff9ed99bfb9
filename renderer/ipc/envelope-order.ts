import type { SnapshotEnvelope } from '#shared/ipc/envelope.ts';

/**
 * Tells whether an envelope is newer than all before it. Within an epoch the sequence grows; an epoch that has been left
 * is over for good, so that a late message of a core that was restarted can't bring the past back. A gap does no harm,
 * because each snapshot is whole.
 */
export const createEnvelopeOrder = (): ((
  envelope: Pick<SnapshotEnvelope, 'epoch' | 'sequence'>,
) => boolean) => {
  const left = new Set<string>();
  let epoch: string | null = null;
  let sequence = -1;
  return (envelope) => {
    if (left.has(envelope.epoch)) return false;
    if (envelope.epoch === epoch && envelope.sequence <= sequence) return false;
    if (epoch !== null && envelope.epoch !== epoch) left.add(epoch);
    ({ epoch, sequence } = envelope);
    return true;
  };
};
