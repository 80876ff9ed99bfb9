import { expect, test } from 'vitest';
import { composeEvent, uuid } from '#support/documents.ts';
import type { AccessEvent } from '../models/access-event.ts';
import { tableHead, tableLine } from './table.ts';

const serialNumber = '0000051e00000005';
const columnsOf = (rest: Partial<AccessEvent>): Record<string, string | undefined> => {
  const event = { ...composeEvent(uuid(1), 1_000)(1, '0'.repeat(64)), ...rest };
  const nothing = { person: null, approver: null, lock: null, group: null, reason: null, offsetMs: null };
  const line = tableLine({ ...nothing, event, time: { at: 1_000, basis: 'recorded' }, isHeld: true });
  const cells = line.trim().split(',');
  return Object.fromEntries(
    tableHead
      .slice(1)
      .trim()
      .split(',')
      .map((name, at) => [name, cells[at]]),
  );
};

test('of an alarm it says which it was', () => {
  expect(columnsOf({ kind: 'alarm_raised', alarm: 'left_open' })).toMatchObject({
    event: 'alarm_raised',
    alarm: 'left_open',
    not_locked: '',
  });
});

test('of a closing check it says what was found', () => {
  const sweep = { heardLocked: 12, seenLocked: 3, notLocked: 1, heardOpen: 1, serialNumbers: [serialNumber] };
  const row = columnsOf({ kind: 'closing_sweep', sweep });
  expect(row).toMatchObject({
    heard_locked: '12',
    seen_locked: '3',
    not_locked: '1',
    heard_open: '1',
    alarm: '',
  });
  // One of before says nothing of it.
  const { heardOpen, ...before } = sweep;
  expect([heardOpen, columnsOf({ kind: 'closing_sweep', sweep: before })['heard_open']]).toEqual([1, '']);
  expect(row['not_locked_serial_numbers']).toContain(serialNumber);
  // One alone must not become a number.
  expect(row['not_locked_serial_numbers']).toMatch(/^"="/);
});
