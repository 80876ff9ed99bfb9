/** The numbers of docs/link.md are those on the wire: whoever builds a lock copies them from its tables. */
import { expect, test } from 'vitest';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { linkFailed } from '#kiosk/link/kiosk/driver/outcomes.ts';
import { createOperationScope } from '#kiosk/link/kiosk/driver/operation-scope.ts';
import { commandIds } from '#kiosk/link/wire/command-ids.ts';
import { eadLabels } from '#kiosk/link/wire/edhoc/ead.ts';
import type { LinkFailure } from '#kiosk/link/wire/link-error.ts';
import { messageTypes } from '#kiosk/link/wire/link-messages.ts';
import { oids } from '#kiosk/link/wire/oids.ts';
import { exporterLabels } from '#kiosk/link/wire/records.ts';
import { eventKinds } from '#kiosk/link/wire/results.ts';
import { characteristicUuids, serviceUuid } from '#kiosk/radio/gatt-profile.ts';
import { linkLines, linkTable } from '#support/link-document.ts';

const page = linkLines.join('\n');
const plain = (cell = ''): string => cell.replaceAll('`', '');

test('the service and its characteristics have the UUIDs that the document gives, in the order of its table', () => {
  const [, pattern = ''] = /UUIDs are `([0-9a-f-]+)NN`/.exec(page) ?? [];
  const uuid = (number: number): string => `${pattern.replaceAll('-', '')}0${number}`;
  expect(serviceUuid).toBe(uuid(1));
  const rows = linkTable('## GATT').map(([name = ''], index) => [name, uuid(index + 2)]);
  expect(Object.entries(characteristicUuids)).toEqual(rows);
});

test('each message has its type byte', () => {
  const rows = linkTable('## Messages').map(([type, , name]) => [plain(name), Number(plain(type))]);
  const types = Object.entries(messageTypes).map(([name, type]) => [name.replace(/\d/, ' $&'), type]);
  expect(rows).toEqual(types);
});

test('each item of external authorization data has its label', () => {
  const labels = linkTable('External authorization data').map(([label]) => Number(label));
  expect(labels).toEqual(Object.values(eadLabels));
});

test('keys and IVs of the records come from the labels of the exporter that the document gives', () => {
  const { kioskKey, kioskIv, lockKey, lockIv } = exporterLabels;
  expect(page.replaceAll('\n', ' ')).toContain(
    `${kioskKey} key and ${kioskIv} IV from the kiosk, ${lockKey} key and ${lockIv} IV from the lock`,
  );
});

test('each command has its id, and its result the same one', () => {
  const rows = linkTable('## Commands and results').map(([id, name, array, result]) => [
    plain(name),
    [id, /^`\[(\d+)/.exec(array ?? '')?.[1], /^`\[0, (\d+)/.exec(result ?? '')?.[1]].map(Number),
  ]);
  expect(rows).toEqual(Object.entries(commandIds).map(([name, id]) => [name, [id, id, id]]));
});

test('the kinds of the ring are numbered as on the wire', () => {
  const kinds = eventKinds.map((kind, index) => `${index + 1} ${kind.replace('_', ' ')}`).join(', ');
  expect(page.replaceAll('\n', ' ')).toContain(`kinds: ${kinds}.`);
});

test('usages and own extensions of certificates have their identifiers', () => {
  const [, arc = ''] = /Own identifiers lie under\n?\s?`([\d.]+)`/.exec(page) ?? [];
  const rows = new Map(linkTable('## Certificates').map(([name = '', ...cells]) => [name, cells]));
  const idsIn = (row: string): (string | null)[] =>
    (rows.get(row) ?? []).map((cell) => {
      const [, id] = /`(\.\d\.\d)`/.exec(cell) ?? [];
      return id === undefined ? null : `${arc}${id}`;
    });
  expect(idsIn('extKeyUsage')).toEqual([null, null, oids.keyUsage, oids.deviceUsage, oids.timeUsage]);
  expect(idsIn('own extension')).toEqual([null, oids.customerEpoch, oids.keyEpoch, null, null]);
});

/** As the kiosk says it; `lock`: no kiosk meets it. What is said of a chain names its row, so it comes another way. */
const failures: Record<LinkFailure, 'kiosk' | 'lock' | 'by its row'> = {
  bad_frame: 'kiosk',
  malformed: 'kiosk',
  out_of_order: 'kiosk',
  unsupported: 'kiosk',
  unknown_credential: 'kiosk',
  not_genuine: 'kiosk',
  not_authentic: 'lock',
  bad_record: 'kiosk',
  chain_refused: 'by its row',
  peer_error: 'kiosk',
  ended: 'kiosk',
};

test('each failure of the table is one, and is said in the kiosk as its row says', () => {
  const rows = linkTable('## Failures').map(([name, , at, code]) => [plain(name), at, plain(code)] as const);
  expect(rows.map(([name]) => name)).toEqual(Object.keys(failures));
  const scope = createOperationScope(new ManualClock(), { deadlineMs: 1_000 });
  for (const [name, at, code] of rows) {
    const failure = name as LinkFailure;
    if (failures[failure] === 'lock') expect([name, at, code]).toEqual([name, 'lock', '']);
    if (failures[failure] !== 'kiosk') continue;
    expect(linkFailed('0000051a00000005', scope, failure)).toMatchObject({ error: { code } });
  }
  scope.commit();
  for (const [name] of rows)
    expect(linkFailed('0000051a00000005', scope, name as LinkFailure)).toMatchObject({
      error: { code: 'lock.outcome_unknown' },
    });
  scope.dispose();
});
