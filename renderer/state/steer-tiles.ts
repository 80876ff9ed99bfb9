import { direction } from '../i18n/translate.ts';
import { tileAfterKey } from './tile-keys.ts';

/** The key leads from the tile that has the focus to another, where it leads anywhere. */
export const steerTiles = (tiles: readonly HTMLElement[], event: KeyboardEvent): void => {
  const at = tiles.findIndex((tile) => tile.contains(document.activeElement));
  const to = tileAfterKey(
    tiles.map((tile) => tile.getBoundingClientRect()),
    at,
    event.key,
    direction(),
  );
  if (to === null) return;
  event.preventDefault();
  tiles[to]?.querySelector<HTMLElement>('.tap')?.focus();
};
