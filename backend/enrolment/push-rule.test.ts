import { describe, expect, test } from 'vitest';
import { enrolmentStates, type EnrolmentState } from '#shared/models/enrolment.ts';
import { decidePush } from './push-rule.ts';

const changes: [EnrolmentState, EnrolmentState | null, string][] = [
  ['captured', null, 'submit'],
  ['captured', 'refused', 'submit'],
  ['captured', 'uncertain', 'submit'],
  ['captured', 'conflicted', 'submit'],
  ['provisioned', 'registered', 'provision'],
  ['abandoned', null, 'abandon'],
  ['abandoned', 'refused', 'abandon'],
  ['abandoned', 'uncertain', 'keep'],
  ['abandoned', 'conflicted', 'abandon'],
  ['abandoned', 'submitted', 'withdraw'],
];

describe('what a kiosk may change', () => {
  test.each(changes)('%s pushed over %s: %s', (pushed, held, decision) => {
    expect(decidePush(pushed, held)).toBe(decision);
  });

  test('nothing else changes anything', () => {
    for (const pushed of enrolmentStates) {
      for (const held of [null, ...enrolmentStates]) {
        if (changes.some(([from, to]) => from === pushed && to === held)) continue;
        expect(decidePush(pushed, held), `${pushed} over ${held}`).toBe(held === null ? 'unknown' : 'keep');
      }
    }
  });
});
