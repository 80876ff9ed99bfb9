import { describe, expect, it } from 'vitest';
import { healthViewSchema, type HealthView } from '#shared/ipc/health-view.ts';
import { healthPill, type Pill } from './health-pill.ts';
import { parts } from './health-words.ts';

const now = new Date(2026, 2, 4, 14, 30).getTime();
const since = new Date(2026, 2, 4, 14, 5).getTime();
const hour = 3_600_000;
const health: HealthView = {
  radio: { state: 'ready', since },
  connection: { state: 'online', since, waiting: 3, lastContactAt: since, pulling: null, invalidRows: 0 },
  certificates: { state: 'valid', since, validUntil: new Date(2026, 5, 4).getTime() },
  lease: { state: 'valid', since, until: new Date(2026, 2, 11).getTime() },
  time: { state: 'checked', since, skewMs: 40 },
  vault: { state: 'ready', since },
  data: { state: 'whole', since },
};
const connection = (rest: Partial<HealthView['connection']>): HealthView => ({
  ...health,
  connection: { ...health.connection, ...rest },
});
const offline = connection({ state: 'offline' });
const lease = (until: number): HealthView['lease'] => ({ state: 'valid', since, until });
const over: HealthView['lease'] = { state: 'expired', since, until: since };
const pill = (level: Pill['level'], words: string, part: Pill['part']): Pill => ({ level, words, part });

describe('the pill of the bar', () => {
  it.each<[string, HealthView, Pill]>([
    ['all is well', health, pill('good', 'Ready', null)],
    ['offline, far from the end', offline, pill('attention', 'Offline, opens until 11 Mar', 'connection')],
    [
      'offline, within 48 hours of the end',
      { ...offline, lease: lease(new Date(2026, 2, 6, 14).getTime()) },
      pill('attention', 'Offline, opens until Fri 14:00', 'connection'),
    ],
    [
      'turned away, at the end',
      { ...connection({ state: 'refused' }), lease: lease(now + hour) },
      pill('bad', 'Turned away, opens until 15:30', 'connection'),
    ],
    [
      'after the end',
      { ...offline, lease: over },
      pill('bad', 'Nothing opens: offline for too long', 'lease'),
    ],
    [
      'no dongle, and offline too',
      { ...offline, radio: { state: 'no_dongle', since } },
      pill('bad', 'Nothing opens: no dongle', 'radio'),
    ],
    [
      'what cannot be sent',
      connection({ sendingRefused: true }),
      pill('attention', '3 changes cannot be sent', 'connection'),
    ],
    [
      'what was put aside',
      connection({ invalidRows: 1 }),
      pill('attention', 'One record put aside', 'connection'),
    ],
    [
      'a long pull',
      connection({ pulling: { received: 1_240, total: 10_000 } }),
      pill('under_way', 'Receiving 1,240 of 10,000', 'connection'),
    ],
    [
      'a clock that is wrong',
      { ...health, time: { state: 'wrong', since, skewMs: -125_000 } },
      pill('bad', 'Clock off by 2 minutes', 'time'),
    ],
    [
      'a clock of which nobody knows by how much',
      { ...health, time: { state: 'wrong', since, skewMs: null } },
      pill('bad', 'Clock wrong', 'time'),
    ],
  ])('%s', (_name, view, wanted) => {
    expect(healthPill(view, now)).toEqual(wanted);
  });

  it('says of a kiosk without an identity only that, and a broken radio while it is set up', () => {
    expect(healthPill(offline, now, { phase: 'revoked' })).toEqual(pill('bad', 'Revoked', 'connection'));
    expect(healthPill(offline, now, { phase: 'unregistered' })).toEqual(
      pill('under_way', 'Not set up', 'connection'),
    );
    const deaf: HealthView = { ...offline, radio: { state: 'no_dongle', since } };
    expect(healthPill(deaf, now, { phase: 'unregistered' }).words).toBe('Nothing opens: no dongle');
  });

  it('is never “ready” while something keeps all locks closed, and names the part where one does', () => {
    const closed = { nothingOpens: true };
    expect(healthPill(health, now, closed)).toEqual(pill('bad', 'Nothing opens', null));
    expect(healthPill(offline, now, closed)).toEqual(pill('bad', 'Nothing opens', 'connection'));
    const deaf: HealthView = { ...health, radio: { state: 'no_dongle', since } };
    expect(healthPill(deaf, now, closed).words).toBe('Nothing opens: no dongle');
  });

  it('has words for every state of every part, and is not ready where one is not well', () => {
    for (const part of parts) {
      for (const state of healthViewSchema.shape[part].shape.state.options) {
        const view = healthViewSchema.parse({ ...health, [part]: { ...health[part], state } });
        const { level, words } = healthPill(view, now);
        expect(words).toMatch(/^[A-Z]/);
        // What was lost keeps nobody from anything: Health says it, and the bar does not.
        expect(words === 'Ready').toBe(level === 'good');
        if (part === 'data') expect(words).toBe('Ready');
      }
    }
  });
});
