/** Writes without pause and says on its output what is durable. It is killed while it does so. */
import { createKioskData } from '#kiosk/data/kiosk-data.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { testDataKeys } from '#support/kiosk-file.ts';
import { composeEvent, enrolmentOf } from '#support/documents.ts';

const [path = ''] = process.argv.slice(2);
const ports = { clock: systemClock, random: systemRandom, logger: silentLogger, dataKeys: testDataKeys };
const data = await createKioskData({ path, ...ports });

/** Synchronous, so that a line is out before the next write begins. */
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

say('ready');
for (let n = 0; ; n += 1) {
  const enrolment = enrolmentOf(n, { enrolmentId: systemRandom.uuid() });
  const stored = await data.putEnrolment(enrolment);
  if (stored.ok) say(`enrolment ${enrolment.enrolmentId}`);
  const appended = await data.appendAccessEvent(composeEvent(systemRandom.uuid()));
  if (appended.ok) say(`event ${appended.value.sequence}`);
  const noted = await data.writeNote('n', String(n));
  if (noted.ok) say(`note ${n}`);
}
