import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../scripts/tasks.ts';
import { plainIcon } from './plain-icons.ts';

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const pages = globSync('{renderer,test/simulators/panel}/**/*.svelte', { cwd: projectRoot }).map(read);
/** All that an icon takes. */
const iconProps = ['size', 'strokeWidth', 'aria-hidden'];
const imported = /import (\w+) from '@lucide\/svelte\/icons\/([\w-]+)'/g;

/** Under its own name and under one that it had before. */
const sourceOf = (icon: string): string => {
  const folder = 'node_modules/@lucide/svelte/dist';
  const other = /'\.\/([\w-]+)\.svelte'/.exec(read(`${folder}/icons/${icon}.js`))?.[1];
  return read(`${folder}/icons/${other ?? icon}.svelte`);
};

test('an icon is the markup that the library makes of it, with its shapes, its names and its box', () => {
  expect(plainIcon(sourceOf('lock-open'))).toBe(
    `<script>const { size = 24, strokeWidth = 2 } = $props();</script>
<svg xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round" class="lucide lucide-lock-open lucide-unlock lucide-icon" aria-hidden="true"><rect width="18" height="11" x="3" y="11" rx="2" ry="2" /><path d="M7 11V7a5 5 0 0 1 9.9-1" /></svg>
`,
  );
});

test('each icon that a page shows can be made so', () => {
  const icons = new Set(pages.flatMap((page) => [...page.matchAll(imported)].map(([, , icon = '']) => icon)));
  expect(icons.size).toBeGreaterThan(20);
  for (const icon of icons) expect(plainIcon(sourceOf(icon))).toMatch(/<(path|circle|rect|line)/);
});

test('a component that the library writes in another way is refused, and not shown empty', () => {
  expect(() => plainIcon('<script>const other = 1;</script>')).toThrow();
  expect(() => plainIcon('const iconData = {"name":"x","size":24,"node":[["script",{}]]};')).toThrow();
});

test('no page tells an icon what it does not take', () => {
  for (const page of pages) {
    const names = [...page.matchAll(imported)].map(([, name = '']) => name);
    for (const name of [...names, 'Shape', 'Icon']) {
      for (const [, given = ''] of page.matchAll(new RegExp(`<${name}\\s([^>]*?)/>`, 'g'))) {
        const told = [...given.matchAll(/([\w-]+)=/g)].map(([, prop = '']) => prop);
        expect(iconProps).toEqual(expect.arrayContaining(told));
        expect(given).not.toContain('...');
      }
    }
  }
});
