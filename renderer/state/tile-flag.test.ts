import { describe, expect, it } from 'vitest';
import { errorCodes } from '#shared/errors/table.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import { tileFlag } from './tile-flag.ts';

const now = scene.sceneNow;
type Rest = Omit<Partial<LockTile>, 'alarms'> & { readonly alarms?: Readonly<LockTile['alarms']> };
const flag = ({ alarms = [], ...rest }: Rest) =>
  tileFlag(scene.tile(1, 'Case 5', 'Perfume', 'here', { ...rest, alarms: [...alarms] }), now);
const revoked = { code: 'lock.chain_refused', params: { reason: 'key_epoch_revoked' } } as const;
const jammed = { code: 'lock.refused', params: { reason: 'jammed' } } as const;

describe('what a tile says', () => {
  it('is nothing where all is well: no promise that may not be kept', () => {
    expect(flag({})).toBeNull();
  });

  it.each([
    ['unknown', { unknownSince: now - 60_000, boltOpen: true }, 'Not known since 14:29'],
    [
      'alarm',
      { alarms: [{ kind: 'tampered', since: now, acknowledged: false }], boltOpen: true },
      'Tampered with since 14:30',
    ],
    ['open', { boltOpen: true, refused: { at: now, error: revoked } }, 'Open'],
    ['warn', { refused: { at: now, error: revoked } }, 'Refused for good at 14:30'],
    ['warn', { refused: { at: now, error: jammed } }, 'Refused at 14:30'],
    ['role', { obstacle: { code: 'rights.not_permitted', params: {} } }, 'Not with your role'],
    ['role', { obstacle: { code: 'rights.not_understood', params: {} } }, 'Rule not understood'],
    [
      'hours',
      { obstacle: { code: 'rights.outside_hours', params: { fromAt: now + 86_400_000 } }, proximity: null },
      'from Thu 14:30',
    ],
    ['hours', { obstacle: { code: 'rights.never_open', params: {} } }, 'No time is set'],
    ['open', { boltOpen: true, obstacle: { code: 'rights.not_permitted', params: {} } }, 'Open'],
    ['warn', { obstacle: { code: 'lock.no_key', params: {} } }, 'Its key is not here yet'],
    ['warn', { alarms: [{ kind: 'tampered', since: now, acknowledged: true }] }, 'Tampered with, looked at'],
    [
      'alarm',
      { alarms: [{ kind: 'left_open', since: now - 150_000, acknowledged: false }], boltOpen: true },
      'Left open for 3 minutes',
    ],
    [
      'alarm',
      {
        alarms: [
          { kind: 'battery_low', since: now, acknowledged: false },
          { kind: 'opened_unasked', since: now, acknowledged: true },
          { kind: 'left_open', since: now, acknowledged: false },
        ],
      },
      'Left open for one second',
    ],
    [
      'warn',
      { alarms: [{ kind: 'not_heard', since: now, acknowledged: false }], proximity: null },
      'Not heard for a day',
    ],
    ['release', { toBeReleased: true, batteryLow: true, battery: 9 }, 'To be removed'],
    ['battery', { batteryLow: true, battery: 9 }, 'Battery 9%'],
  ] as const)('%s: %o', (kind, rest, words) => {
    expect(flag(rest)).toEqual({ kind, words });
  });

  it.each(errorCodes.filter((code) => /^(radio|vault)\./.test(code)))(
    'is not %s, which is said once for all',
    (code) => {
      expect(flag({ obstacle: { code, params: {} } })).toBeNull();
    },
  );
});
