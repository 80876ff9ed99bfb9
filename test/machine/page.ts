/** The page on the machine's screen: what it says, and fingers for it. */
import { simulatedPin, simulatedStaff } from '#support/simulated-store/seed.ts';
import type { Machine } from './machine.ts';

export interface Page {
  /** All its words; empty where there is no page yet. */
  readonly says: () => Promise<string>;
  /** Chooses the first name and types the PIN. */
  readonly signIn: () => Promise<void>;
}

const program = '/usr/local/bin/node /mnt/guest/page-process.js';
const [{ name }] = simulatedStaff;

/** Touches the button on which that is written, once it is there. */
const touch = `const touch = async (label) => {
  for (let looks = 0; looks < 100; looks += 1) {
    const found = [...document.querySelectorAll('button')].find((one) => one.innerText.includes(label) && !one.disabled);
    if (found) return found.click();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('there is no ' + label);
};`;

export const watchPage = (machine: Machine): Page => {
  const ask = async (expression: string): Promise<string> => {
    const text = Buffer.from(expression).toString('base64');
    const said = await machine.order(`${program} "$(echo ${text} | base64 -d)"`, { mayFail: true });
    return /^"(.*)"$/m.exec(said)?.[1]?.replaceAll('\\n', '\n') ?? '';
  };
  return {
    says: () => ask('document.body.innerText'),
    signIn: async () => {
      const labels = JSON.stringify([name, ...Array.from(simulatedPin), 'Enter']);
      await ask(
        `(async () => { ${touch} for (const label of ${labels}) await touch(label); return 'done'; })()`,
      );
    },
  };
};
