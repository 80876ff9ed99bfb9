/** The kiosk's page, built once for all end-to-end tests: a build takes longer than most tests of it. */
import type { TestProject } from 'vitest/node';
import { buildPage } from '#support/built-page.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built page, with Svelte's own checks in it. */
    kioskPage: string;
  }
}

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const built = await buildPage('renderer');
  provide('kioskPage', built.folder);
  return () => built.dispose();
};
