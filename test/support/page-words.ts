/** Before each test file of the page: its words are there, in all languages, as they are before the page shows anything. */
import { expect } from 'vitest';

if (expect.getState().testPath?.includes('/renderer/')) await import('./dictionaries.ts');
