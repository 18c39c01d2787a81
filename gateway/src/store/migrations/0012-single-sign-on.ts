/** People whom an identity provider vouches for. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').addColumn('oidc_subject', 'text').execute();
  await sql`create unique index users_oidc_subject on users (oidc_subject) where oidc_subject is not null`.execute(
    db,
  );
}
