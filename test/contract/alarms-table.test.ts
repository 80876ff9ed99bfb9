/** docs/kiosk.md: its table of alarms says of each how it ends, and whether it calls each minute. */
import { expect, test } from 'vitest';
import { alarmKinds, alarmTraits, type AlarmEnd } from '#shared/models/alarm.ts';
import { documentTable } from '#support/document-table.ts';

const endWords: Readonly<Record<AlarmEnd, string>> = {
  lock_and_person: 'the lock and a person have cleared it',
  cause: 'its cause is over',
  person: 'a person has acknowledged it',
};

test('each alarm is in the table as it is', () => {
  const rows = documentTable('kiosk.md', 'alarm', 'is there when', 'ends when', 'calls each minute');
  expect(rows.map(([alarm, , ends, calls]) => [alarm, ends, calls])).toEqual(
    alarmKinds.map((kind) => [
      `\`${kind}\``,
      endWords[alarmTraits[kind].ends],
      alarmTraits[kind].grave ? 'yes' : 'no',
    ]),
  );
});
