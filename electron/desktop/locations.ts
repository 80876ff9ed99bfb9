import { fileURLToPath } from 'node:url';

/** Where the other parts lie, seen from the bundle (`dist/main/main.js`). */
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const pageDir = at('../renderer');
export const preload = at('../preload/preload.cjs');
export const radioEntry = at('./radio-process.js');
