/** The column types and keys that SQLite and PostgreSQL share. */
import type { CreateTableBuilder, Kysely } from 'kysely';

type Columns = Readonly<Record<string, string>>;

/** `text`, `instant`, `count` and `real`; a trailing `?` allows null, a trailing `!` makes it part of the primary key. */
const TYPES = { text: 'text', instant: 'bigint', count: 'bigint', real: 'double precision' } as const;

export async function table(db: Kysely<unknown>, name: string, columns: Columns): Promise<void> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  const key: string[] = [];
  for (const [column, description] of Object.entries(columns)) {
    const type = TYPES[description.replace(/[?!]$/, '') as keyof typeof TYPES];
    builder = builder.addColumn(column, type, (definition) =>
      description.endsWith('?') ? definition : definition.notNull(),
    );
    if (description.endsWith('!')) key.push(column);
  }
  await builder.addPrimaryKeyConstraint(`${name}_pk`, key as [string, ...string[]]).execute();
}

export async function index(
  db: Kysely<unknown>,
  on: string,
  columns: readonly string[],
  unique = false,
): Promise<void> {
  const builder = db.schema
    .createIndex(`${on}_${columns.join('_')}`)
    .on(on)
    .columns([...columns]);
  await (unique ? builder.unique() : builder).execute();
}
