/** One step of the database's shape. A released one never changes. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}
