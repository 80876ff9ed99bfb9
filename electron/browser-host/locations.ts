import { fileURLToPath } from 'node:url';

/** Where the other parts lie, seen from the source tree and from the bundle (`dist/browser-host/main.cjs`). */
const fromSource = import.meta.url.endsWith('.ts');

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const pageDir = fromSource ? at('../../dist/renderer') : at('../renderer');
/** Of the bundle alone. */
export const compileCache = fromSource ? null : at('compile-cache');
export const radioEntry = fromSource ? at('../kiosk/radio/radio-process.ts') : at('../main/radio-process.js');
