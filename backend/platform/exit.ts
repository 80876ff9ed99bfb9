/** How a process of the backend's ends: its exit codes, and what it says to whoever has to mend something. */
import type { AppFailure } from '#shared/errors/app-error.ts';

export const configurationExitCode = 78;

/** One line; names variables and files, never a secret. */
export const inWords = ({ error: { code, params } }: AppFailure): string => {
  switch (code) {
    case 'config.invalid':
      return `Configuration (${params['source'] ?? ''}): ${params['path'] ?? ''} ${params['problem'] ?? ''}`;
    case 'config.port_taken':
      return `Port ${params['port'] ?? ''} is taken by another program; set PORT to a free one`;
    case 'storage.in_use':
      return 'DATA_DIR is in use by another backend that is running';
    case 'storage.newer_version':
      return 'The database was written by a newer version of the backend; start that version';
    default:
      return code;
  }
};
