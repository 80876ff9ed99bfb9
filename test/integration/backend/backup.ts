/** A backup of a whole database as `pg_dump` makes one, in one snapshot, and what restoring it does. */
import pg from 'pg';

const within = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

let backups = 0;

/** Resolves with how to put it back, as often as wanted. No backend may be running while that is done. */
export const backUp = async (url: string): Promise<() => Promise<void>> => {
  backups += 1;
  const kept = `backup_${String(backups)}`;
  const tables = await within(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    const names = rows.map(({ name }) => name);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await client.query(`CREATE SCHEMA ${kept}`);
    for (const name of names) await client.query(`CREATE TABLE ${kept}.${name} AS TABLE public.${name}`);
    await client.query('COMMIT');
    return names;
  });
  return () =>
    within(url, async (client) => {
      await client.query('BEGIN');
      // As pg_restore does it: what refers to what is not looked at row by row.
      await client.query('SET LOCAL session_replication_role = replica');
      await client.query(`TRUNCATE ${tables.map((name) => `public.${name}`).join()}`);
      for (const name of tables) {
        await client.query(
          `INSERT INTO public.${name} OVERRIDING SYSTEM VALUE SELECT * FROM ${kept}.${name}`,
        );
      }
      await client.query('COMMIT');
    });
};
