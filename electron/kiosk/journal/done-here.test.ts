/** What was done here gives way to the backend's word, whatever fails in between. */
import { expect, test as base } from 'vitest';
import { composeEvent, uuid } from '#support/documents.ts';
import { FakeData } from '#support/fake-data.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createDoneHere } from './done-here.ts';
const idsOf = (done: { readonly value: readonly { readonly eventId: string }[] }): string[] =>
  done.value.map(({ eventId }) => eventId);

const test = base
  .extend('data', () => new FakeData())
  .extend('clock', () => new ManualClock())
  .extend('append', ({ data }) => async (n: number): Promise<AccessEvent> => {
    const written = await data.appendAccessEvent(composeEvent(uuid(n)));
    if (!written.ok) throw new Error(written.error.code);
    return written.value;
  })
  .extend(
    'begin',
    ({ data, clock }) =>
      () =>
        createDoneHere({ data, isOne: () => true, clock, logger: silentLogger }),
  )
  .extend('failOnce', ({ data }) => (method: 'accessEventsAfter' | 'accessEventsBetween'): void => {
    const real = data[method].bind(data);
    data[method] = () => {
      data[method] = real;
      return Promise.reject(new Error('not now'));
    };
  });

test('what the journal did not tell at the start is asked for again', async ({
  clock,
  append,
  begin,
  failOnce,
}) => {
  await append(1);
  failOnce('accessEventsAfter');
  const done = begin();
  await done.ready;
  done.add(await append(2));
  expect(idsOf(done)).toEqual([uuid(2)]);
  await clock.advance(5_000);
  expect(idsOf(done)).toEqual([uuid(1), uuid(2)]);
  done.dispose();
});

test('what has settled goes by its number, also where the journal does not hold it any more', async ({
  data,
  append,
  begin,
}) => {
  const done = begin();
  await done.ready;
  done.add(await append(1));
  await append(2);
  data.events.shift();
  data.settled$.next(1);
  await done.ready;
  expect(idsOf(done)).toEqual([]);
  done.dispose();
});

test('what was planned before it was recorded goes once it has settled, also where the journal fails at that time', async ({
  data,
  clock,
  append,
  begin,
  failOnce,
}) => {
  const done = begin();
  await done.ready;
  const { sequence, hash, previousHash, ...planned } = await append(1);
  expect(hash).not.toBe(previousHash);
  done.add(planned);
  failOnce('accessEventsBetween');
  data.settled$.next(sequence);
  await done.ready;
  expect(idsOf(done)).toEqual([uuid(1)]);
  await clock.advance(5_000);
  expect(idsOf(done)).toEqual([]);
  done.dispose();
});
