/** The kiosk's life: its registration, and what it leaves for the backend when it is revoked. */
import { join } from 'node:path';
import { createLastWords, type LastWords } from '../last-words.ts';
import { createLifeCycle, type LifeCycle } from '../life-cycle.ts';
import { createRegistration } from '../vault/registration.ts';
import type { Bookkeeping } from './open-bookkeeping.ts';

export interface Life {
  readonly lifeCycle: LifeCycle;
  readonly lastWords: LastWords;
}

export const openLife = (bookkeeping: Bookkeeping): Life => {
  const { ports, ending, data, clock, vault, notice, hiddenNotice } = bookkeeping;
  const { backend, replication, journal } = bookkeeping;
  const { config, random, logger } = ports;
  const registration = createRegistration({ vault, backend, logger });
  const lastWords = createLastWords({
    path: join(config.dataDir, 'last-words.sealed'),
    undelivered: async ({ kioskId, journalLost, otherHistory }) => {
      await journal.catchUp();
      // Read, not noted first: a disk that takes nothing changes nothing about what is sealed.
      const events = await (journalLost
        ? data.accessEventsAfter(0)
        : data.replica.unacknowledgedEvents(Infinity));
      // It may have been heard of before, and what came of that not be through.
      const isLost = otherHistory === true || data.replica.isTakenAnew('enrolments');
      return {
        events: [...events, ...(await journal.unstored())],
        enrolments: await data.replica.enrolmentsLeftBehind(kioskId, isLost),
      };
    },
    sign: (type, content) => vault.signStatement(type, content),
    backendKey: () => vault.identity?.backendKey ?? null,
    backend,
    clock: ports.clock,
    random,
    logger,
  });
  ending.adopt('last words', lastWords);
  const lifeCycle = createLifeCycle({
    vault,
    data,
    notice,
    hiddenNotice,
    registration,
    replication,
    lastWords,
    clock,
    random,
    logger,
  });
  ending.adopt('life cycle', lifeCycle);
  return { lifeCycle, lastWords };
};
