import { expect, test } from 'vitest';
import { whereverStored } from './stored-events.ts';

const refusedBy = (code: string, constraint: string): Error =>
  Object.assign(new Error('refused'), { code, constraint });

/** What is answered where the first time fails so, and whether each time looked everywhere. */
const outcome = async (failure: Error) => {
  const times: boolean[] = [];
  const answer = await whereverStored((everywhere) => {
    times.push(everywhere);
    return everywhere ? Promise.resolve('stored') : Promise.reject(failure);
  }).catch((thrown: unknown) => thrown);
  return { answer, times };
};

test.for([['access_events_pkey'], ['access_events_pkey_102008']])(
  'an id that is somewhere else, as %s says, is looked for everywhere',
  async ([constraint = '']) => {
    expect(await outcome(refusedBy('23505', constraint))).toEqual({ answer: 'stored', times: [false, true] });
  },
);

test('where the places do not say all it begins anew, once', async () => {
  const times: boolean[] = [];
  await whereverStored((everywhere, requirePlaces) => {
    times.push(everywhere);
    requirePlaces(false);
    return Promise.resolve(null);
  });
  expect(times).toEqual([false, true]);
});

test('whatever else fails, fails', async () => {
  const failure = refusedBy('23503', 'access_events_pkey');
  expect(await outcome(failure)).toEqual({ answer: failure, times: [false] });
});
