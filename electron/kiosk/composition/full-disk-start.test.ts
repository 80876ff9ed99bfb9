/** A disk that is full from any one file of a start on, the vault's and the key's among them: one code, and the next start has all of it. */
import type fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { createEnding } from '#shared/flow/ending.ts';
import { folderTest } from '#support/folder-test.ts';
import { secretStore } from '#support/kiosk-file.ts';
import { ids } from '#support/kiosk-rows.ts';
import { noteBegun } from '../data/loss.ts';
import { parseKioskConfig } from '../platform/config.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { systemRandom } from '../platform/random.ts';
import { openGround } from './open-ground.ts';

const disk = vi.hoisted(() => ({ left: Infinity }));
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof fs>();
  const refusing =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      disk.left -= 1;
      const noRoom = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      return disk.left < 0 ? Promise.reject(noRoom) : act(...args);
    };
  return {
    ...real,
    mkdir: refusing(real.mkdir),
    rename: refusing(real.rename),
    open: refusing(async (...args: Parameters<typeof real.open>) => {
      const file = await real.open(...args);
      file.writeFile = refusing(file.writeFile.bind(file));
      file.sync = refusing(file.sync.bind(file));
      return file;
    }),
  };
});

const begin = async (dataDir: string) => {
  await using ending = createEnding({
    timer: new ManualClock(),
    eachMs: 1_000,
    onLeftBehind: () => undefined,
  });
  const config = parseKioskConfig(
    { backendUrl: 'http://127.0.0.1:9', dataDir, kioskName: 'Counter' },
    'test',
  );
  const ports = {
    config,
    clock: new ManualClock(),
    random: systemRandom,
    logger: silentLogger,
    secretStore,
    fetch: () => Promise.reject(new TypeError('fetch failed')),
    spawnRadio: () => {
      throw new Error('no radio here');
    },
  };
  const ground = await openGround({ ports, ending });
  return { ground, running: ending.move() };
};

folderTest.for([['new'], ['registered']])('a start that is %s', async ([state], { folder }) => {
  for (let left = 0, done = false; !done; left += 1) {
    expect(left).toBeLessThan(60);
    const dataDir = join(folder, String(left));
    if (state === 'registered') {
      const { ground, running } = await begin(dataDir);
      const keys = await ground.vault.prepareKeys();
      if (!keys.ok) throw new Error('no keys');
      await ground.vault.saveIdentity({
        kioskId: ids.kiosk,
        kioskName: 'Counter',
        storeId: ids.store,
        storeName: 'Harbour Street',
        owner: 'owner',
        backendKey: keys.value.signingKey,
        vendorRoot: 'AAAA',
      });
      await noteBegun(ground.data);
      await running.end();
    }
    disk.left = left;
    const outcome = await begin(dataDir).then(
      ({ running }) => running.end().then(() => 'started'),
      (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)),
    );
    done = disk.left >= 0;
    disk.left = Infinity;
    expect([left, outcome]).toEqual([left, expect.stringMatching(/^(started|storage\.disk_full)$/)]);
    const { ground, running } = await begin(dataDir);
    expect([ground.lost, ground.vault.state, ground.vault.identity?.kioskName]).toEqual([
      false,
      'ready',
      state === 'new' ? undefined : 'Counter',
    ]);
    await running.end();
  }
});
