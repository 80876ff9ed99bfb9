import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { folderTest as test } from '#support/folder-test.ts';
import { startPackageServer, type PackageServer } from '#support/package-server.ts';
import { download, dropDownload, partOf, type DownloadPorts, type WantedPackage } from './download.ts';

/** It ends with the test. */
const serve = async (): Promise<PackageServer> => {
  const server = await startPackageServer();
  onTestFinished(() => server.close());
  return server;
};
const signal = new AbortController().signal;
const content = randomBytes(100_000);

const wantedOf = (server: PackageServer, bytes: Buffer = content): WantedPackage => {
  server.files.set('package.deb', bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    url: `${server.url}/package.deb`,
    file: 'package.deb',
    version: '0.3.1',
    bytes: bytes.length,
    sha256,
  };
};
const portsOf = (folder: string, rest: Partial<DownloadPorts> = {}): DownloadPorts => ({
  fetch: (url, init) => fetch(url, { ...init, redirect: 'error' }),
  clock: systemClock,
  folder,
  ...rest,
});
const codeOf = (result: Awaited<ReturnType<typeof download>>): string =>
  result.ok ? 'ok' : result.error.code;

describe('a download', () => {
  test('comes to the same bytes wherever it is cut, by any server, and asks for no byte twice that it has', async ({
    folder,
  }) => {
    const server = await serve();
    const wanted = wantedOf(server);
    const cuts = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        cuts,
        fc.nat(99_999),
        fc.boolean(),
        fc.boolean(),
        async (at, had, ignoresRanges, hasNoTag) => {
          await dropDownload(folder);
          server.faults = { cutAfter: 0, hasNoTag };
          await download(portsOf(folder), wanted, signal);
          // An answer that breaks off may take some of what had come with it: so much has come for sure.
          writeFileSync(partOf(folder), content.subarray(0, had));
          for (const cutAfter of at) {
            server.faults = { cutAfter, ignoresRanges, hasNoTag };
            const got = await download(portsOf(folder), wanted, signal);
            expect(['ok', 'update.no_answer']).toContain(codeOf(got));
          }
          const have = existsSync(partOf(folder)) ? statSync(partOf(folder)).size : 0;
          server.faults = { ignoresRanges, hasNoTag };
          const { length } = server.asked;
          const result = await download(portsOf(folder), wanted, signal);
          expect(result.ok && readFileSync(result.value).equals(content)).toBe(true);
          const [asked] = server.asked.slice(length);
          if (asked) expect(asked.range).toBe(have > 0 ? `bytes=${have}-` : undefined);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('that is whole is not got again', async ({ folder }) => {
    const server = await serve();
    const wanted = wantedOf(server);
    await download(portsOf(folder), wanted, signal);
    const { length } = server.asked;
    expect(codeOf(await download(portsOf(folder), wanted, signal))).toBe('ok');
    expect(server.asked).toHaveLength(length);
  });

  test('of a package that was changed in between, begins anew', async ({ folder }) => {
    const server = await serve();
    server.faults = { cutAfter: 30_000 };
    await download(portsOf(folder), wantedOf(server), signal);
    server.faults = {};
    const other = randomBytes(90_000);
    const result = await download(portsOf(folder), wantedOf(server, other), signal);
    expect(result.ok && readFileSync(result.value).equals(other)).toBe(true);
    expect(server.asked.at(-1)?.range).toBeUndefined();
  });

  test.for<[string, Buffer]>([
    ['longer', Buffer.concat([content, Buffer.from('x')])],
    ['of the same length and another', Buffer.from(content).fill(0, 5_000, 5_010)],
  ])('of one that is %s than what was signed is thrown away', async ([, served], { folder }) => {
    const server = await serve();
    const wanted = wantedOf(server);
    server.files.set('package.deb', served);
    expect(codeOf(await download(portsOf(folder), wanted, signal))).toBe('update.damaged');
    expect(existsSync(partOf(folder))).toBe(false);
  });

  test('of one that is shorter than what was signed waits, and never holds more than was signed', async ({
    folder,
  }) => {
    const server = await serve();
    const wanted = wantedOf(server);
    server.files.set('package.deb', content.subarray(0, 99_999));
    expect(codeOf(await download(portsOf(folder), wanted, signal))).toBe('update.no_answer');
    // They have no byte behind what is here: that is not what was signed, and it is got anew.
    expect(codeOf(await download(portsOf(folder), wanted, signal))).toBe('update.no_answer');
    server.files.set('package.deb', content);
    expect(codeOf(await download(portsOf(folder), wanted, signal))).toBe('ok');
  });

  test('whose part on the disk was damaged is got anew', async ({ folder }) => {
    const server = await serve();
    const wanted = wantedOf(server);
    server.faults = { cutAfter: 0, hasNoTag: true };
    await download(portsOf(folder), wanted, signal);
    writeFileSync(partOf(folder), randomBytes(50_000));
    server.faults = {};
    expect(codeOf(await download(portsOf(folder), wanted, signal))).toBe('update.damaged');
    expect(codeOf(await download(portsOf(folder), wanted, signal))).toBe('ok');
  });

  test.for([404, 500, 302, 204])('that is answered with %d is no answer', async (status, { folder }) => {
    const server = await serve();
    server.faults = { status };
    expect(codeOf(await download(portsOf(folder), wantedOf(server), signal))).toBe('update.no_answer');
  });

  test('from a server that says nothing ends', async ({ folder }) => {
    const server = await serve();
    server.faults = { isSilent: true };
    const clock = { after: (_: number, task: () => void) => systemClock.after(20, task) };
    expect(codeOf(await download(portsOf(folder, { clock }), wantedOf(server), signal))).toBe(
      'update.no_answer',
    );
  });

  test('for which the disk has no room is not begun, and says what it takes', async ({ folder }) => {
    const server = await serve();
    const wanted = wantedOf(server, randomBytes(2 * 1024 * 1024));
    const freeBytes = () => Promise.resolve(10 * 1024 * 1024);
    expect(await download(portsOf(folder, { freeBytes }), wanted, signal)).toEqual({
      ok: false,
      error: { code: 'update.no_room', params: { version: '0.3.1', mebibytes: 18 } },
    });
    expect(server.asked).toHaveLength(0);
  });
});
