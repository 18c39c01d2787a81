/** What must hold of all units together, whether somebody has sent them or a version is put back. */
import type { FieldProblem } from '@roadwatch/contract/api';
import { TICKET_STATES } from '@roadwatch/contract/api';
import type { Config } from '../../config/config.ts';
import { Refusal, wrongFields } from '../../refusal.ts';
import type { Tx } from '../../store/database.ts';
import { isOpen } from '../../tickets/machine.ts';
import type { Documents } from '../documents.ts';

type Units = Documents['units']['units'];

/** Throws Refusal. */
export async function checkUnits(
  tx: Tx,
  before: Units,
  after: Units,
  file: Pick<Config, 'oidc' | 'smtp'>,
): Promise<void> {
  const problems = [...together(after), ...withoutServer(after, file), ...(await unknownAreas(tx, after))];
  if (problems.length > 0) throw wrongFields(problems);
  const stays = new Set(after.map(({ id }) => id));
  for (const { id } of before) if (!stays.has(id)) await checkUnused(tx, id, file);
}

function* together(units: Units): Iterable<FieldProblem> {
  for (const [index, { id }] of units.entries())
    if (units.findIndex((other) => other.id === id) !== index)
      yield { path: `units.${id}.id`, en: 'is that of another unit', zh: '与其他责任单位重复' };
  const defaults = units.filter((unit) => unit.default);
  if (defaults.length === 1) return;
  const [, second] = defaults;
  yield {
    path: second === undefined ? 'units' : `units.${second.id}.default`,
    en: 'exactly one unit gets what no other is for',
    zh: '须有且仅有一个默认责任单位',
  };
}

function* withoutServer(units: Units, { smtp }: Pick<Config, 'smtp'>): Iterable<FieldProblem> {
  if (smtp !== undefined) return;
  for (const { id, channel } of units)
    if (channel.kind === 'mail')
      yield {
        path: `units.${id}.channel.kind`,
        en: "the gateway's file names no server that takes mail (smtp)",
        zh: '网关配置文件未设置邮件服务器（smtp）',
      };
}

async function unknownAreas(tx: Tx, units: Units): Promise<FieldProblem[]> {
  const names = units.flatMap(({ area }) => (area === null ? [] : [area.sha256]));
  if (names.length === 0) return [];
  const rows = await tx.db
    .selectFrom('settings_areas')
    .select(['sha256', 'points'])
    .where('sha256', 'in', names)
    .execute();
  const points = new Map(rows.map((row) => [row.sha256, Number(row.points)]));
  return units
    .filter(({ area }) => area !== null && points.get(area.sha256) !== area.points)
    .map(({ id }) => ({
      path: `units.${id}.area`,
      en: 'is no area that was sent before',
      zh: '该边界尚未上传',
    }));
}

/** Tickets and people would be left without a unit. */
async function checkUnused(tx: Tx, unitId: string, { oidc }: Pick<Config, 'oidc'>): Promise<void> {
  const ticket = await tx.db
    .selectFrom('tickets')
    .select('number')
    .where('unit_id', '=', unitId)
    .where('state', 'in', TICKET_STATES.filter(isOpen))
    .limit(1)
    .executeTakeFirst();
  if (ticket !== undefined)
    throw new Refusal('unit_in_use', `${unitId} has open tickets, such as ${ticket.number}`);
  const person = await tx.db
    .selectFrom('users')
    .select('username')
    .where('unit_id', '=', unitId)
    .where('disabled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (person !== undefined)
    throw new Refusal('unit_in_use', `people sign in for ${unitId}, such as ${person.username}`);
  if (oidc?.roles.some(({ unit }) => unit === unitId))
    throw new Refusal(
      'unit_in_use',
      `the identity provider lets people in for ${unitId}: see oidc.roles in the file`,
    );
}
