/**
 * Runs the built desktop host on the double, in a process of its own with its own end: `host-process.ts OPTIONS MAIN`. The test
 * that started it says by message what is to happen.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { act } from './acts.ts';

const double = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
});

process.on('message', ({ id, name, input }: { id: number; name: string; input: unknown }) => {
  act(name, input).then(
    (value) => process.send?.({ id, value }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});

const [, , options = '{}', main = '', ...args] = process.argv;
// As Electron has it: where the program lies stands there in a developer's build alone.
const { isPackaged } = JSON.parse(options) as { readonly isPackaged?: boolean };
process.argv.splice(1, process.argv.length, ...(isPackaged === true ? [] : [main]), ...args);

await import(pathToFileURL(main).href);
