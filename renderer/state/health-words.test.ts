import { describe, expect, it } from 'vitest';
import { healthViewSchema, type HealthView } from '#shared/ipc/health-view.ts';
import { healthSentence, levelOf, parts } from './health-words.ts';

const now = new Date(2026, 2, 4, 14, 30).getTime();
const since = new Date(2026, 2, 4, 14, 5).getTime();
const health: HealthView = {
  radio: { state: 'ready', since },
  connection: { state: 'offline', since, waiting: 3, lastContactAt: since, pulling: null, invalidRows: 0 },
  certificates: { state: 'valid', since, validUntil: new Date(2026, 5, 4).getTime() },
  lease: { state: 'valid', since, until: new Date(2026, 2, 11).getTime() },
  time: { state: 'wrong', since, skewMs: -125_000 },
  vault: { state: 'ready', since },
  data: { state: 'whole', since },
};

describe('health in words', () => {
  it('words every state of every part', () => {
    for (const part of parts) {
      for (const state of healthViewSchema.shape[part].shape.state.options) {
        const view = healthViewSchema.parse({ ...health, [part]: { ...health[part], state } });
        expect(healthSentence(view, part, now)).toMatch(/^[A-Z].*\.$/);
        expect(['good', 'under_way', 'attention', 'bad']).toContain(levelOf(view, part));
      }
    }
  });

  it('says what the certificate is for, and leaves its name to the details', () => {
    for (const state of healthViewSchema.shape.certificates.shape.state.options) {
      const words = healthSentence(
        { ...health, certificates: { ...health.certificates, state } },
        'certificates',
        now,
      );
      expect(words).toMatch(/[Ll]ocks believe this kiosk/);
      expect(words).not.toMatch(/Intermediate/);
    }
  });

  it('says no number where nobody knows by how much the clock is wrong', () => {
    const turned: HealthView = { ...health, time: { state: 'wrong', since, skewMs: null } };
    expect(healthSentence(turned, 'time', now)).toMatch(
      /^The clock of this computer was turned back; by how much/,
    );
  });

  it('says of a revoked kiosk only what is true of one', () => {
    const left: HealthView = {
      ...health,
      connection: { ...health.connection, state: 'refused' },
      certificates: { state: 'missing', since, validUntil: null },
      lease: { state: 'none', since, until: null },
      time: { state: 'checked', since, skewMs: 0 },
    };
    const said = parts.map((part) => healthSentence(left, part, now, 'revoked')).join(' ');
    expect(said).not.toMatch(
      /opened\.|goes on with|comes by itself|no contact .* yet|sealed to this computer/,
    );
    expect(said).toContain('The back office has revoked this kiosk.');
    expect(said).toContain('The keys were erased');
    expect(parts.map((part) => levelOf(left, part, 'revoked'))).toEqual([
      'good',
      'bad',
      'bad',
      'good',
      'bad',
      'bad',
      'bad',
    ]);
    // What is broken beside it is still said.
    const noStore: HealthView = { ...left, vault: { state: 'no_secret_store', since } };
    expect(healthSentence(noStore, 'vault', now, 'revoked')).toContain('no safe place for keys');
    const fresh = parts.map((part) => healthSentence(left, part, now, 'unregistered')).join(' ');
    expect(fresh).not.toMatch(/opened\.|comes by itself/);
  });

  it('says what is waiting, and what to do about a missing dongle', () => {
    expect(healthSentence(health, 'connection', now)).toContain('3 changes are kept safe');
    const pulled: HealthView = { ...health, radio: { state: 'no_dongle', since } };
    expect(healthSentence(pulled, 'radio', now)).toBe(
      'Bluetooth dongle not found since 14:05. Unlocking is not possible. Plug the dongle into a USB port of this computer; it goes on by itself.',
    );
    expect(levelOf(pulled, 'radio')).toBe('bad');
  });
});
