/** `node backend/cli/backup.ts TARGET`: a backup of the PostgreSQL in DATA_DIR, also while a backend runs on it. */
import { backUp } from '../postgres/backup.ts';
import { runCommand } from './command.ts';

await runCommand({
  name: 'backup',
  argument: 'TARGET',
  does: 'A backup of the PostgreSQL in DATA_DIR into TARGET, also while a backend runs on it.',
  work: async (target, dataDir) => {
    await backUp(dataDir, target);
    return `The backup is in ${target}. Without the SEALING_SECRET its keys cannot be read; keep that elsewhere.`;
  },
});
