import { expect, it } from 'vitest';
import { createReloadOnce } from './reload-once.ts';

/** A page that is loaded anew as often as it says so; what it keeps stays. */
const setUp = () => {
  const kept = new Map<string, string>();
  const seen = { reloads: 0 };
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const load = () => createReloadOnce({ storage, reload: () => (seen.reloads += 1) });
  return { load, seen };
};

it('a part that is missing has the page loaded anew once, and then never for the same', () => {
  const { load, seen } = setUp();
  expect(load().reload()).toBe(true);
  expect(seen.reloads).toBe(1);
  const again = load();
  expect([again.reload(), again.reload()]).toEqual([false, false]);
  expect(seen.reloads).toBe(1);
});

it('once the page was whole, the next part that is missing has it loaded anew', () => {
  const { load, seen } = setUp();
  load().reload();
  const whole = load();
  whole.whole();
  expect(whole.reload()).toBe(true);
  expect(seen.reloads).toBe(2);
});
