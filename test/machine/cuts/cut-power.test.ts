import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import type { Kept } from '../kiosk-core.ts';
import { cutCareless, cutPower, type PowerCuts } from './cut-power.ts';
import type { Cut, SavedMachine } from './one-life.ts';

const machineWith = (data: string): SavedMachine => ({
  options: { disk: '', kernel: '', initrd: '', packages: '', work: '' },
  memory: '',
  data: Buffer.from(data),
});

/** In place of a disk what is on it: a letter for each event. */
const keptOn = async (data: Buffer): Promise<Kept> => {
  const done = data.toString();
  if (done === 'mangled') throw new Error('e2fsck ended with 4');
  const events = Array.from(`${done}i`).map((letter, index) => ({
    sequence: index + 1,
    kind: letter === 'i' ? 'signed_in' : 'signed_out',
  }));
  return Promise.resolve({ events, brokenAt: null });
};

const it = folderTest
  .extend(
    'run',
    ({ folder }) =>
      (disks: (index: number) => string, acknowledged = ['signed_in', 'signed_out']) => {
        const lines: string[] = [];
        const booted: Cut[] = [];
        const cuts: PowerCuts = {
          ...{ saved: machineWith('io'), cycles: 12, seed: 1, evidence: folder, keptOn },
          tell: (line) => void lines.push(line),
          boot: async (cut) => {
            booted.push(cut);
            return keptOn(cut.data);
          },
          live: async (_saved, { seed, cuts: count }, onCut) => {
            for (let index = 0; index < count; index += 1) {
              const data = Buffer.from(disks(seed + index));
              await onCut({ acknowledged, data, disk: index === count - 1 ? 'disk' : null, told: 'a cut' });
            }
          },
        };
        return { cuts, lines, booted };
      },
  )
  .extend('outcomes', ({ run }) => async (disk: string, saved = 'io'): Promise<readonly [number, string]> => {
    const { cuts, lines } = run(() => disk);
    const machine = () => Promise.resolve(machineWith(saved));
    const missed = await cutCareless(cuts, [{ name: 'a mistake', machine, options: {} }]);
    return [missed, lines.join('\n')];
  });

it('the machine boots on the last cut of a run, however short', async ({ run }) => {
  const { cuts, lines, booted } = run(() => 'ioio');
  expect(await cutPower(cuts)).toBe(0);
  expect(booted).toHaveLength(1);
  expect(lines.at(-1)).toMatch(/^ok .* 2 acknowledged, 2 of them judged, 2 there; booted, the same$/);
});

it('a machine that does not come up on what was left is a verdict, and its disk is kept', async ({
  folder,
  run,
}) => {
  const { cuts, lines } = run(() => 'ioio');
  const boot = (): Promise<Kept> => Promise.reject(new Error('no answer within 600 s: true'));
  expect(await cutPower({ ...cuts, boot })).toBe(1);
  expect(lines.at(-1)).toMatch(/^FAILED .*it does not come up on what was left: no answer within 600 s/);
  expect(readdirSync(folder)).toEqual(['cut-13.json', 'cut-13.raw']);
  expect(readFileSync(join(folder, 'cut-13.raw'), 'utf8')).toBe('ioio');
});

it('a loss, and a disk that cannot be read, are verdicts whose disks are kept; the others go on', async ({
  folder,
  run,
}) => {
  const { cuts, lines } = run((index) => (index === 4 ? 'ioi' : index === 6 ? 'mangled' : 'ioio'));
  expect(await cutPower(cuts)).toBe(2);
  expect(lines).toHaveLength(12);
  expect(readdirSync(folder).filter((file) => file.endsWith('.raw'))).toHaveLength(2);
});

it('a killed machine of whose answers none can be judged is told', async ({ run }) => {
  const { cuts, lines } = run(() => 'ioio', ['signed_in?', 'signed_out']);
  expect(await cutPower(cuts)).toBe(2);
  expect(lines.at(-1)).toContain('nothing was surely done in its life');
});

it('a planted mistake is noticed by a loss, and by nothing else', async ({ outcomes }) => {
  expect(await outcomes('io')).toEqual([0, expect.stringContaining('losses noticed at 5 of 5 cuts')]);
  expect(await outcomes('ioio')).toEqual([1, expect.stringContaining('no loss noticed')]);
  const [missed, line] = await outcomes('mangled');
  expect(missed).toBe(1);
  expect(line).toContain('5 could not be judged, first: e2fsck ended with 4');
});

it('a planted mistake that cannot be tried counts as missed, and the next is tried', async ({ run }) => {
  const { cuts, lines } = run(() => 'io');
  const controls = [
    { name: 'unreadable', machine: () => Promise.resolve(machineWith('mangled')), options: {} },
    { name: 'unsaved', machine: () => Promise.reject(new Error('no answer')), options: {} },
    { name: 'tried', machine: () => Promise.resolve(machineWith('io')), options: {} },
  ];
  expect(await cutCareless(cuts, controls)).toBe(2);
  expect(lines.map((line) => line.slice(0, 6))).toEqual(['FAILED', 'FAILED', 'ok    ']);
});
