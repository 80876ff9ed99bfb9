/**
 * Signatures for Windows. The key is never this project's to see: a program of IT's signs a file in its place, be it with a token, a service or
 * a file; afterwards each signature is held against the certificates that it has to come from.
 */
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { filesIn } from './installed-files.ts';
import { readSignatureReport, type SignatureReport } from './signature-report.ts';
import { outputOf } from './tools.ts';

export interface Signing {
  /** A program that is called with one file, signs it in its place and ends with 0. */
  readonly program: string;
  /** A file in PEM: the certificate that signs, those above it, and the root. */
  readonly chain: string;
}

/** What Windows loads as code. */
const signed = new Set(['.exe', '.dll', '.node']);

/** Has the program sign the file. Throws where it ends with anything but 0. */
export const signFile = (file: string, { program }: Signing): void => {
  const { status, error } = spawnSync(program, [file], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0)
    throw new Error(`${program} has not signed ${file}: ${error?.message ?? `it ended with ${status}`}`);
};

const reportOf = (file: string, chain: readonly string[] = []): SignatureReport => {
  const { status, text } = outputOf('osslsigncode', ['verify', ...chain, '-in', file]);
  return readSignatureReport(status, text);
};

const hasSignature = (file: string): boolean => reportOf(file).isSigned;

/** Signs whatever in a packed folder is code of Windows' and has no signature yet: some of Electron's files bring their maker's. */
export const signFolder = (folder: string, signing: Signing): void => {
  for (const { path } of filesIn(folder)) {
    const file = join(folder, path);
    if (signed.has(extname(path)) && !hasSignature(file)) signFile(file, signing);
  }
};

const serialOf = (chain: string): string => new X509Certificate(readFileSync(chain)).serialNumber;

/** Answers what is wrong with the signature of a file: it is not there, not whole, weak, or somebody else's. */
export const signatureProblems = (file: string, { chain }: Signing): readonly string[] => {
  const { isSigned, holds, serial, digest } = reportOf(file, ['-CAfile', chain]);
  if (!isSigned) return [`${file} is not signed`];
  if (!holds) return [`the signature of ${file} does not hold`];
  return [
    ...(serial === serialOf(chain) ? [] : [`${file} is signed by another certificate`]),
    ...(digest === null || digest === 'SHA256' ? [] : [`${file} is signed with ${digest}`]),
  ];
};

/**
 * Answers what is wrong with the signatures of the code in a folder. Libraries may have their maker's: Electron brings some that do. Programs
 * and what was compiled for Node are this publisher's.
 */
export const folderProblems = (folder: string, signing: Signing): readonly string[] =>
  filesIn(folder).flatMap(({ path }) => {
    if (!signed.has(extname(path))) return [];
    const file = join(folder, path);
    if (!hasSignature(file)) return [`${path} is not signed`];
    return extname(path) === '.dll' ? [] : signatureProblems(file, signing);
  });
