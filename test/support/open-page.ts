/** A page in a real browser, with everything that it complains about. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

export interface OpenPage {
  readonly page: Page;
  /** Console errors, uncaught exceptions and violations of the content security policy. */
  readonly complaints: string[];
  /** What axe finds wrong, one line each. */
  violations(): Promise<string[]>;
  close(): Promise<void>;
}

const axeResult = z.object({
  violations: z.array(
    z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});

/** That a button is called what it shows is not among axe's usual rules: who speaks to the screen says what stands there. */
const axeOptions = {
  resultTypes: ['violations'],
  rules: { 'label-content-name-mismatch': { enabled: true } },
} as const;

/** A connection that the test itself cut is no complaint. */
const expected = /WebSocket connection to .* failed/;

/** `script` runs in the page before anything else. */
export const openPage = async (
  browser: Browser,
  { url, script = '' }: { readonly url: string; readonly script?: string },
): Promise<OpenPage> => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  let axeLoaded = false;
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(script);
  await page.goto(url);
  // Its words come after the page: until it is drawn it hears no key.
  if ((await page.locator('#app').count()) > 0)
    await page.locator('#app > *').first().waitFor({ state: 'attached' });
  return {
    page,
    complaints,
    violations: async () => {
      // Evaluated by the debugger, which the page's policy does not bind.
      if (!axeLoaded) await page.evaluate(axe.source);
      axeLoaded = true;
      const raw: unknown = await page.evaluate(`axe.run(document, ${JSON.stringify(axeOptions)})`);
      return axeResult
        .parse(raw)
        .violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
    },
    close: () => context.close(),
  };
};
