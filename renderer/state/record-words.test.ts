import { describe, expect, it } from 'vitest';
import { ringEventKinds, type RingEventView } from '#shared/ipc/views.ts';
import { recordWords } from './record-words.ts';

const now = new Date(2026, 0, 5, 14, 30).getTime();
const event: RingEventView = {
  sequence: 7,
  at: new Date(2026, 0, 5, 14, 5).getTime(),
  kind: 'unlocked',
  actor: { kind: 'staff', name: 'Ada' },
};

describe('an entry of a lock’s record', () => {
  it('says what, who and when', () => {
    expect(recordWords(event, now)).toEqual({ what: 'Opened', who: 'by Ada', when: 'at 14:05' });
  });

  it('says when nobody did it, and when nobody here knows who', () => {
    expect(recordWords({ ...event, actor: { kind: 'nobody' } }, now).who).toBe('');
    expect(recordWords({ ...event, actor: { kind: 'unknown' } }, now).who).toMatch(/does not know/);
  });

  it.each(ringEventKinds)('has words for %s', (kind) => {
    expect(recordWords({ ...event, kind }, now).what).not.toBe('');
  });
});
