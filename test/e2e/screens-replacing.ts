/** The screens of a store whose backend knows places. */
import type { LockTile } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import { heading, type Screen } from './screens-common.ts';

export const placed = (): LockTile[] =>
  scene.locks().map((lock, at) => ({ ...lock, place: scene.idOf(500 + at) }));
const spare = (n: number, proximity: LockTile['proximity']): LockTile =>
  scene.tile(n, scene.serialOf(n), 'Spirits', proximity);
export const spares = (): LockTile[] => [spare(70, 'here'), spare(71, null)];

const prepare: Screen['prepare'] = (core) =>
  core.show('locks', { locks: placed(), spares: spares(), foreign: [] });

export const replacingScreens: readonly Screen[] = [
  {
    name: 'lock-replacing',
    prepare,
    reach: async (page) => {
      await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
      await page.getByRole('button', { name: 'Replace this lock' }).click();
      await page.getByRole('button', { name: /…0046/ }).click();
      await page.getByRole('button', { name: 'Replace with …0046' }).waitFor();
    },
  },
  {
    name: 'spare-locks',
    prepare,
    reach: async (page) => {
      await page.getByRole('button', { name: '2 spare locks' }).click();
      await page.getByRole('button', { name: 'More about Spare …0046' }).click();
      await heading(page, 'Spare …0046');
    },
  },
];
