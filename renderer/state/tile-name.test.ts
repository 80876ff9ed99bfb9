import { afterEach, describe, expect, it } from 'vitest';
import type { LockTile } from '#shared/ipc/views.ts';
import { languages } from '#shared/models/language.ts';
import * as scene from '#support/store-scene.ts';
import { speak, t } from '../i18n/translate.ts';
import { tileName } from './tile-name.ts';

const watches = (rest: Partial<LockTile> = {}): LockTile =>
  scene.tile(1, 'Watches, top shelf', 'Jewellery', 'here', rest);
const well = { opening: null, flag: null, deaf: false } as const;

afterEach(() => speak(() => 'en'));

describe('what a tile is called', () => {
  it('is that it opens, and what: the name as it is seen, the group, and how near', () => {
    expect(tileName(watches(), well)).toBe('Open Watches, top shelf, Jewellery, here');
  });

  // WCAG 2.2, 2.5.3: who speaks to the computer reads the name from the screen.
  it.each(languages)('has in one piece what stands on the tile (%s)', (language) => {
    speak(() => language);
    const seen = `Watches, top shelf, Jewellery, ${t('proximity.here')}`;
    expect(tileName(watches(), well)).toContain(seen);
    const asks = { needs: { secondPerson: true, reasons: null } };
    expect(tileName(watches(asks), well)).toContain(seen);
    expect(tileName(watches({ obstacle: { code: 'lock.no_key', params: {} } }), well)).toContain(seen);
  });

  it.each(languages)('is, where it stops, the word that stands on it, and what (%s)', (language) => {
    speak(() => language);
    const words = t('tile.stop', { name: 'Watches, top shelf' });
    expect(words.split(/[\s:]+/)).toContain(t('sheet.stop'));
    expect(words).toContain('Watches, top shelf');
  });

  it('has what a person has to know of the lock, and no word for a group that is not there', () => {
    expect(tileName(watches({ group: '' }), { ...well, flag: 'Battery 9%' })).toBe(
      'Open Watches, top shelf, Battery 9%, here',
    );
  });

  it('has what a tap asks for before it opens, and nothing of it where a tap opens nothing', () => {
    const reasons = { choices: [{ code: 'return', name: 'Return' }] };
    expect(tileName(watches({ needs: { secondPerson: true, reasons } }), well)).toBe(
      'Open Watches, top shelf, Jewellery, here. A second person confirms it. A reason is asked for.',
    );
    expect(tileName(watches({ needs: { secondPerson: false, reasons } }), well)).toBe(
      'Open Watches, top shelf, Jewellery, here. A reason is asked for.',
    );
    const away = watches({ proximity: null, needs: { secondPerson: true, reasons: null } });
    expect(tileName(away, well)).toBe('Watches, top shelf, Jewellery, out of range. Shows its details.');
  });

  it('does not say that it opens where a tap shows the details', () => {
    const away = watches({ proximity: null });
    expect(tileName(away, well)).toBe('Watches, top shelf, Jewellery, out of range. Shows its details.');
    expect(tileName(away, { ...well, deaf: true })).toContain('not heard now');
    expect(tileName(watches(), { ...well, opening: 'open' })).toBe(
      'Watches, top shelf, Jewellery, here, Open. Shows its details.',
    );
    expect(tileName(watches({ obstacle: { code: 'lock.no_key', params: {} } }), well)).toMatch(/^Watches/);
    const refused = { at: scene.sceneNow, error: { code: 'lock.refused', params: {} } } as const;
    expect(tileName(watches({ refused }), well)).toMatch(/^Open Watches/);
  });
});
