/** What was said to be durable is there after SIGKILL at any moment, and the journal is whole. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { createKioskData } from '#kiosk/data/kiosk-data.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';
import { testDataKeys } from '#support/kiosk-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const writerPath = join(import.meta.dirname, 'writer-process.ts');

/** Lets a writer go on until it has said `lines` lines, kills it, and answers with all that it said. */
const writeAndKill = async (path: string, lines: number): Promise<string[]> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', writerPath, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return said;
};

/** `DATA_KILL_CYCLES=n` makes it a longer run. */
const cycles = Number(process.env['DATA_KILL_CYCLES'] ?? 3);

it('loses nothing that was acknowledged', { timeout: 30_000 * cycles }, async () => {
  const path = join(temporaryFolder(), 'kiosk.db');
  const random = seededRandom(7);
  const enrolments = new Set<string>();
  let lastSequence = 0;
  let lastNote = '';
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    for (const line of await writeAndKill(path, 2 + Math.floor(random.float() * 150))) {
      const [kind, value = ''] = line.split(' ');
      if (kind === 'enrolment') enrolments.add(value);
      if (kind === 'event') lastSequence = Number(value);
      if (kind === 'note') lastNote = value;
    }
    const data = await createKioskData({
      path,
      clock: new ManualClock(),
      random,
      logger: silentLogger,
      dataKeys: testDataKeys,
    });
    expect(data.notice).toBeNull();
    const found = new Set((await firstValueFrom(data.enrolments$)).map(({ enrolmentId }) => enrolmentId));
    expect([...enrolments].filter((id) => !found.has(id))).toEqual([]);
    const events = await data.replica.unacknowledgedEvents(100_000);
    expect(events.length).toBeGreaterThanOrEqual(lastSequence);
    let previousHash = firstPreviousHash;
    for (const [index, event] of events.entries()) {
      expect(event).toMatchObject({ sequence: index + 1, previousHash });
      previousHash = event.hash;
    }
    if (lastNote !== '') expect(Number(await data.readNote('n'))).toBeGreaterThanOrEqual(Number(lastNote));
    await data.dispose();
    lastNote = '';
  }
  expect(enrolments.size).toBeGreaterThan(2);
});
