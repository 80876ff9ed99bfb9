import { describe, expect, it } from 'vitest';
import { healthViewSchema, type HealthView } from '#shared/ipc/views.ts';
import { barParts, barWords, healthSentence, levelOf, parts } from './health-words.ts';

const now = new Date(2026, 2, 4, 14, 30).getTime();
const since = new Date(2026, 2, 4, 14, 5).getTime();
const health: HealthView = {
  radio: { state: 'ready', since },
  connection: { state: 'offline', since, waiting: 3, lastContactAt: since, pulling: null, invalidRows: 0 },
  certificates: { state: 'valid', since, validUntil: new Date(2026, 5, 4).getTime() },
  lease: { state: 'valid', since, until: new Date(2026, 2, 11).getTime() },
  time: { state: 'wrong', since, skewMs: -125_000 },
  vault: { state: 'ready', since },
};

describe('health in words', () => {
  it('says in the bar what a person needs', () => {
    expect(barParts.map((part) => barWords(health, part, now))).toEqual([
      'ready',
      'offline since 14:05, 3 waiting',
      'good until 4 Jun',
      'off by 2 minutes',
    ]);
  });

  it('says before it happens when a kiosk without contact stops opening, and that it has', () => {
    const soon = new Date(2026, 2, 6, 14).getTime();
    const words = (state: 'online' | 'offline' | 'refused', lease: HealthView['lease']): string =>
      barWords({ ...health, connection: { ...health.connection, state }, lease }, 'connection', now);
    const valid = { state: 'valid', since, until: soon } as const;
    expect(words('offline', valid)).toBe('no contact, opens until Fri 14:00');
    expect(words('refused', { ...valid, until: now + 60_000 })).toBe('no contact, opens until 14:31');
    expect(words('offline', { ...valid, until: now + 49 * 3_600_000 })).toBe(
      'offline since 14:05, 3 waiting',
    );
    // Where there is contact, it is prolonged by itself.
    expect(words('online', valid)).toBe('online, 3 waiting');
    const over = { state: 'expired', since, until: since } as const;
    expect(words('offline', over)).toBe('no contact for too long');
    expect(levelOf({ ...health, lease: over }, 'connection')).toBe('bad');
  });

  it('words every state of every part', () => {
    for (const part of parts) {
      for (const state of healthViewSchema.shape[part].shape.state.options) {
        const view = healthViewSchema.parse({ ...health, [part]: { ...health[part], state } });
        expect(healthSentence(view, part, now)).toMatch(/^[A-Z].*\.$/);
        expect(['good', 'under_way', 'attention', 'bad']).toContain(levelOf(view, part));
      }
    }
    for (const part of barParts) {
      for (const state of healthViewSchema.shape[part].shape.state.options) {
        const view = healthViewSchema.parse({ ...health, [part]: { ...health[part], state } });
        expect(barWords(view, part, now)).not.toBe('');
      }
    }
  });

  it('says no number where nobody knows by how much the clock is wrong', () => {
    const turned: HealthView = { ...health, time: { state: 'wrong', since, skewMs: null } };
    expect(barWords(turned, 'time', now)).toBe('wrong');
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
    expect(barWords(left, 'connection', now, 'revoked')).toBe('revoked');
    expect(parts.map((part) => levelOf(left, part, 'revoked'))).toEqual([
      'good',
      'bad',
      'bad',
      'good',
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
