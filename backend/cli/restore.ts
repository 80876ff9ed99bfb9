/** `node backend/cli/restore.ts SOURCE`: puts a backup into DATA_DIR, which holds no database yet. */
import { restore } from '../postgres/restore.ts';
import { runCommand } from './command.ts';

await runCommand({
  name: 'restore',
  argument: 'SOURCE',
  does: 'Puts the backup in SOURCE into DATA_DIR, which holds no database yet.',
  work: async (source, dataDir) => {
    await restore(source, dataDir);
    return `Restored. Start the backend on ${dataDir} with the SEALING_SECRET of that time.`;
  },
});
