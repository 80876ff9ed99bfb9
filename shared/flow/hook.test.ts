import { expect, test } from 'vitest';
import { createHook } from './hook.ts';

test('those who act are called in the order in which they were added, and waited for', async () => {
  const hook = createHook<string>();
  const seen: string[] = [];
  hook.add(async (value) => {
    await Promise.resolve();
    seen.push(`first ${value}`);
  });
  hook.add((value) => seen.push(`second ${value}`));
  await hook.run('time');
  expect(seen).toEqual(['first time', 'second time']);
});

test('one that fails keeps nobody from acting, and whoever runs it hears of it', async () => {
  const hook = createHook();
  const seen: string[] = [];
  hook.add(() => Promise.reject(new Error('full')));
  hook.add(() => {
    throw new Error('at once');
  });
  hook.add(() => seen.push('after'));
  await expect(hook.run()).rejects.toThrow('full');
  expect(seen).toEqual(['after']);
});

test('where nobody acts nothing is waited for', async () => {
  await createHook().run();
});
