import { AppFailure, type AppError } from '#shared/errors/app-error.ts';
import { classOf } from '#shared/errors/thrown.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export interface StartFailure {
  /** One line for whoever starts the kiosk: what happened and what to do. */
  readonly line: string;
  readonly exitCode: ExitCode;
}

/** Words a failed start before there is a page to show it on. Unforeseen errors are named, not quoted. */
export const describeStartFailure = (error: unknown): StartFailure => {
  if (!(error instanceof AppFailure)) {
    return {
      line: `Latchpoint stopped while starting: ${classOf(error)}. Its log says where.`,
      exitCode: exitCodes.crashed,
    };
  }
  const { code } = error.error;
  const broken = code === 'config.invalid' || code === 'config.port_taken';
  return {
    line: `Latchpoint can't start: ${words(error.error)} (${code})`,
    exitCode: broken ? exitCodes.configuration : exitCodes.crashed,
  };
};

const words = ({ code, params }: AppError): string => {
  switch (code) {
    case 'config.invalid': {
      const where = params['path'] === '' ? '' : `, at "${params['path'] ?? ''}"`;
      return `the configuration from ${params['source'] ?? ''} is not right${where}: ${params['problem'] ?? ''}`;
    }
    case 'config.port_taken':
      return `port ${params['port'] ?? ''} is used by another program. Stop that program or choose another port.`;
    case 'storage.in_use':
      return 'another kiosk is running on the same data folder. Stop it first.';
    case 'storage.newer_version':
      return (
        `its data was written by a newer version (format ${params['found'] ?? ''}, this one reads up to ` +
        `${params['supported'] ?? ''}). Install the newer version again.`
      );
    case 'storage.disk_full':
      return 'the disk is full. Free some space and start it again.';
    case 'storage.read_only':
      return 'its data folder cannot be written. Check who may write there.';
    default:
      return 'see docs/errors.md for what this code means.';
  }
};
