/** Brings a store to the newest shape, in order, each step once; two gateways that start together wait for each other. */
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { VERSION } from '../../version.ts';
import type { Tables } from '../tables/index.ts';
import * as initial from './0001-initial.ts';
import * as unitsAndCrews from './0002-units-and-crews.ts';
import * as alertsOfACamera from './0003-alerts-of-a-camera.ts';
import * as inspections from './0004-inspections.ts';
import * as retention from './0005-retention.ts';
import * as queue from './0006-queue.ts';
import * as oneThing from './0007-one-thing.ts';
import * as calendarsAndNotices from './0008-calendars-and-notices.ts';
import * as apiTokens from './0009-api-tokens.ts';
import * as citizenReports from './0010-citizen-reports.ts';
import * as remoteRequests from './0011-remote-requests.ts';
import * as singleSignOn from './0012-single-sign-on.ts';
import * as evidenceDeletions from './0013-evidence-deletions.ts';
import * as whereFrom from './0014-where-from.ts';
import * as secondFactor from './0015-second-factor.ts';
import * as agentLimits from './0016-agent-limits.ts';
import * as boxKeys from './0017-box-keys.ts';
import * as handedOver from './0019-handed-over.ts';
import * as sealedAudit from './0020-sealed-audit.ts';
import * as evidenceParts from './0021-evidence-parts.ts';
import * as keptAnswers from './0023-kept-answers.ts';
import * as queueAndLeases from './0024-queue-and-leases.ts';
import * as ticketDeadlines from './0025-ticket-deadlines.ts';
import * as sceneLooksAndExtensions from './0026-scene-looks-and-extensions.ts';
import * as wall from './0027-wall.ts';
import * as figures from './0028-figures.ts';
import * as settings from './0029-settings.ts';
import * as cameraPictures from './0032-camera-pictures.ts';
import * as cameraSettings from './0033-camera-settings.ts';
import * as cameraHistory from './0034-camera-history.ts';
import * as verdictsByTime from './0035-verdicts-by-time.ts';
import * as auditSearch from './0037-audit-search.ts';
import * as figureDays from './0039-figure-days.ts';
import * as fleet from './0041-fleet.ts';
import * as askedPictures from './0044-asked-pictures.ts';
import * as picturesOfAPage from './0045-pictures-of-a-page.ts';
import * as boxSettings from './0046-box-settings.ts';
import * as incidents from './0047-incidents.ts';
import * as operationsCalls from './0048-operations-calls.ts';
import * as missingPictures from './0049-missing-pictures.ts';
import * as sceneHints from './0051-scene-hints.ts';
import { unknownShapes } from './newer-store.ts';

/** `breaking`: gateways from before it cannot work with the store any more, and refuse it. */
export type StoreMigration = Migration & { readonly breaking?: boolean };

interface Program {
  readonly migrations: Readonly<Record<string, StoreMigration>>;
  readonly version: string;
}

export const MIGRATIONS: Readonly<Record<string, StoreMigration>> = {
  '0001-initial': initial,
  '0002-units-and-crews': unitsAndCrews,
  '0003-alerts-of-a-camera': alertsOfACamera,
  '0004-inspections': inspections,
  '0005-retention': retention,
  '0006-queue': queue,
  '0007-one-thing': oneThing,
  '0008-calendars-and-notices': calendarsAndNotices,
  '0009-api-tokens': apiTokens,
  '0010-citizen-reports': citizenReports,
  '0011-remote-requests': remoteRequests,
  '0012-single-sign-on': singleSignOn,
  '0013-evidence-deletions': evidenceDeletions,
  '0014-where-from': whereFrom,
  '0015-second-factor': secondFactor,
  '0016-agent-limits': agentLimits,
  '0017-box-keys': boxKeys,
  '0019-handed-over': handedOver,
  '0020-sealed-audit': sealedAudit,
  '0021-evidence-parts': evidenceParts,
  '0023-kept-answers': keptAnswers,
  '0024-queue-and-leases': queueAndLeases,
  '0025-ticket-deadlines': ticketDeadlines,
  '0026-scene-looks-and-extensions': sceneLooksAndExtensions,
  '0027-wall': wall,
  '0028-figures': figures,
  '0029-settings': settings,
  '0032-camera-pictures': cameraPictures,
  '0033-camera-settings': cameraSettings,
  '0034-camera-history': cameraHistory,
  '0035-verdicts-by-time': verdictsByTime,
  '0037-audit-search': auditSearch,
  '0039-figure-days': figureDays,
  '0041-fleet': fleet,
  '0044-asked-pictures': askedPictures,
  '0045-pictures-of-a-page': picturesOfAPage,
  '0046-box-settings': boxSettings,
  '0047-incidents': incidents,
  '0048-operations-calls': operationsCalls,
  '0049-missing-pictures': missingPictures,
  '0051-scene-hints': sceneHints,
};

/**
 * Returns the names of steps that a newer gateway has taken and that this one can live with. Throws one sentence when there are
 * some that it cannot live with. `migrations` and `version` are this program's own unless a test says otherwise.
 */
export async function migrate(
  db: Kysely<Tables>,
  at: number,
  { migrations = MIGRATIONS, version = VERSION }: Partial<Program> = {},
): Promise<readonly string[]> {
  const newer = await unknownShapes(db, Object.keys(migrations), version);
  if (newer.length > 0) return newer;
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  const shapes = results.map(({ migrationName }) => ({
    migration: migrationName,
    gateway: version,
    breaking: migrations[migrationName]?.breaking === true ? 1 : 0,
    at,
  }));
  if (shapes.length > 0)
    await db
      .insertInto('store_shapes')
      .values(shapes)
      .onConflict((conflict) => conflict.column('migration').doNothing())
      .execute();
  return [];
}
