import { checkMachine } from '#kiosk/check/check-machine.ts';
import type { CheckPorts } from '#kiosk/check/ports.ts';
import { whatToAllow } from '#kiosk/check/words.ts';
import { settingSince } from '#kiosk/platform/config.ts';
import { exitCodes, type ExitCode } from '#kiosk/platform/exit-codes.ts';
import type { LoadedConfig } from './config-sources.ts';

const secret = new Set(['registrationCode']);
const sinceOf = (name: string): string => new Map(Object.entries(settingSince)).get(name) ?? '';
const labelWidth = 18;
const line = (mark: string, part: string, seen: string): string =>
  `${mark} ${part.padEnd(labelWidth)}${seen}`;

/** Prints where each setting came from, each part of the machine, and what has to be let through. Answers the exit code. */
export const runCheck = async (
  { config, origins }: LoadedConfig,
  ports: CheckPorts,
  print: (text: string) => void,
): Promise<ExitCode> => {
  for (const [name, origin] of Object.entries(origins)) {
    const value: unknown = Reflect.get(config, name);
    const shown = secret.has(name) ? 'set' : typeof value === 'string' ? value : JSON.stringify(value);
    print(line('    ', name, `${shown} (${origin}; a setting since ${sinceOf(name)})`));
  }
  const ok = await checkMachine(ports, ({ part, ok: held, seen }) => {
    print(line(held === null ? '  - ' : held ? 'ok  ' : 'FAIL', part, seen));
  });
  for (const sentence of whatToAllow(config.backendUrl)) print(sentence);
  return ok ? exitCodes.stopped : exitCodes.crashed;
};
