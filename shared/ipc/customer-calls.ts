/** That a customer is waiting: part of `contract.ts`. */
import { defineCall, nothing } from './define.ts';

export const customerCalls = {
  /** Somebody says so, signed in or not; one who waits already goes on waiting. It goes into the journal. */
  customerWaiting: defineCall({
    input: nothing,
    output: nothing,
    errors: ['rights.not_permitted'],
    deadlineMs: 10_000,
  }),
  /** The signed-in person says that nobody is waiting any more. It goes into the journal. */
  callOffCustomer: defineCall({
    input: nothing,
    output: nothing,
    errors: ['staff.not_signed_in'],
    deadlineMs: 10_000,
  }),
} as const;
