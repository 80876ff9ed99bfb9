/**
 * Icons as plain markup. The library makes each of its icons at run time, from a list of shapes and with every attribute spread;
 * the Counter has a score of them in its first frame, and to copy markup that is ready costs a fifth of that.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import { z } from 'zod';

const iconFile = /[\\/]@lucide[\\/]svelte[\\/]dist[\\/]icons[\\/][^\\/]+\.svelte$/;
/** As the library writes it into each of its components. */
const iconData = /^const iconData = (\{.*\});$/m;
const iconSchema = z.strictObject({
  name: z.string(),
  size: z.literal(24),
  node: z.array(
    z.tuple([z.enum(['circle', 'ellipse', 'line', 'path', 'polygon', 'polyline', 'rect']), attributes()]),
  ),
  aliases: z.array(z.string()).default([]),
});

function attributes(): z.ZodRecord<z.ZodString, z.ZodString> {
  return z.record(z.string().regex(/^[a-z0-9-]+$/), z.string().regex(/^[\w\s.,-]+$/));
}

/** The component in place of the library's own `source`. Throws where that is not what it is known to be. */
export const plainIcon = (source: string): string => {
  const { name, node, aliases } = iconSchema.parse(JSON.parse(iconData.exec(source)?.[1] ?? 'null'));
  const shapes = node.map(
    ([tag, has]) =>
      `<${tag}${Object.entries(has)
        .map(([attribute, value]) => ` ${attribute}="${value}"`)
        .join('')} />`,
  );
  const classes = ['lucide', ...[name, ...aliases].map((one) => `lucide-${one}`), 'lucide-icon'].join(' ');
  return `<script>const { size = 24, strokeWidth = 2 } = $props();</script>
<svg xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round" class="${classes}" aria-hidden="true">${shapes.join('')}</svg>
`;
};

export const plainIcons: Plugin = {
  name: 'plain-icons',
  enforce: 'pre',
  load: async (id) => (iconFile.test(id) ? plainIcon(await readFile(id, 'utf8')) : null),
};
