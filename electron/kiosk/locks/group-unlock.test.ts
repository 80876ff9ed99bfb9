import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createGroupUnlock } from './group-unlock.ts';
import type { UnlockService } from './unlock-service.ts';

const serials = ['0000051a00000001', '0000051a00000002', '0000051a00000003'] as const;
const [first, dead, last] = serials;
const ada = { staffId: 'ada', isThere: () => true };
const open: UnlockEnd = { kind: 'open', until: 5_000 };
const going = new AbortController().signal;

const groupOver = (unlock: UnlockService['unlock']) => {
  const asked: string[] = [];
  let atOnce = 0;
  const group = createGroupUnlock({
    unlocks: {
      unlock: async (serialNumber, staffId, signal) => {
        asked.push(serialNumber);
        atOnce += 1;
        expect(atOnce).toBe(1);
        const answer = await unlock(serialNumber, staffId, signal);
        atOnce -= 1;
        return answer;
      },
    },
    directory: {
      lock: (serialNumber) => ({ serialNumber, name: 'Case', group: 'Perfume', deviceCertificate: '' }),
    },
    random: seededRandom(1),
  });
  const ends = async (): Promise<readonly (string | undefined)[]> =>
    (await firstValueFrom(group.run$))?.locks.map(({ end }) =>
      end?.kind === 'not_open' ? end.error.code : end?.kind,
    ) ?? [];
  return { group, asked, ends };
};

test('a lock that does not answer has its own end, and the others open', async () => {
  const { group, ends } = groupOver((serialNumber) =>
    Promise.resolve(
      serialNumber === dead
        ? ok({ kind: 'not_open', error: { code: 'lock.connect_timeout', params: { serialNumber } } })
        : ok(open),
    ),
  );
  const run = await group.unlock(serials, ada, going);
  expect(run).toMatchObject({ ok: true, value: { over: true } });
  expect(await ends()).toEqual(['open', 'lock.connect_timeout', 'open']);
});

test('a lock named twice is opened once, and a refused turn is that lock’s own end', async () => {
  const { group, asked, ends } = groupOver((serialNumber) =>
    Promise.resolve(serialNumber === first ? fail('lock.busy', { serialNumber }) : ok(open)),
  );
  await group.unlock([first, last, first], ada, going);
  expect(asked).toEqual([first, last]);
  expect(await ends()).toEqual(['lock.busy', 'open']);
});

test('stopped, it ends the lock at work as that can be ended and begins no other', async () => {
  const { group, asked, ends } = groupOver(
    (serialNumber, _, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve(ok({ kind: 'not_open', error: { code: 'lock.cancelled', params: { serialNumber } } }));
        });
      }),
  );
  const running = group.unlock(serials, ada, going);
  const run = await firstValueFrom(group.run$);
  expect(run?.locks.map(({ working }) => working)).toEqual([true, false, false]);
  expect(await group.unlock([last], ada, going)).toMatchObject({ error: { code: 'lock.busy' } });
  group.stop('another run');
  group.stop(run?.runId ?? '');
  await running;
  expect(asked).toEqual([first]);
  expect(await ends()).toEqual(['lock.cancelled', 'lock.cancelled', 'lock.cancelled']);
});

test('goes no further once the person is not there any more', async () => {
  let isThere = true;
  const { group, asked, ends } = groupOver(() => {
    isThere = false;
    return Promise.resolve(ok(open));
  });
  await group.unlock(serials, { staffId: 'ada', isThere: () => isThere }, going);
  expect(asked).toEqual([first]);
  expect(await ends()).toEqual(['open', 'lock.cancelled', 'lock.cancelled']);
});
