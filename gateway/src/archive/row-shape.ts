/**
 * What a row of a backup must look like: the columns and types of the store that it is to go into, and the values on which the
 * gateway relies without looking again, such as a hash that names a file.
 */

import { Sha256, Slug } from '@roadwatch/contract';
import { ROLES } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { Value } from 'typebox/value';
import type { Tables } from '../store/tables/index.ts';
import { ARCHIVED_TABLES, type ArchivedTable } from './backup.ts';

export type Row = Readonly<Record<string, unknown>>;
/** Returns what is wrong with a row, or null. */
export type RowCheck = (table: ArchivedTable, row: Row) => string | null;

type Kind = 'text' | 'whole' | 'real';
interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly optional: boolean;
  readonly nullable: boolean;
}

const KINDS: Readonly<Record<string, Kind>> = {
  text: 'text',
  bigint: 'whole',
  int8: 'whole',
  integer: 'whole',
  'double precision': 'real',
  float8: 'real',
};
const HASHES: ReadonlySet<string> = new Set(['sha256', 'hash', 'previous_hash', 'token_hash']);
const NAMES: ReadonlySet<string> = new Set(['site', 'agent', 'camera']);
/** Texts that the gateway parses as JSON when it reads them. */
const JSON_TEXTS: Partial<Record<ArchivedTable, readonly string[]>> = {
  agents: ['status'],
  cameras: ['state'],
  api_tokens: ['scopes'],
  clock_log: ['data'],
  changes: ['data'],
  settings_versions: ['document'],
  settings_areas: ['geojson'],
  inspections: ['evidence', 'missing'],
  scene_hints: ['standing'],
  audit_log: ['before', 'after'],
  detection_messages: ['payload'],
};

export async function rowCheck(db: Kysely<Tables>): Promise<RowCheck> {
  const tables = new Map((await db.introspection.getTables()).map((table) => [table.name, table.columns]));
  const shapes = new Map(
    ARCHIVED_TABLES.map((table) => [
      table,
      (tables.get(table) ?? []).map(({ name, dataType, isNullable, hasDefaultValue }): Column => {
        const kind = KINDS[dataType.toLowerCase()];
        if (kind === undefined) throw new Error(`${table}.${name}: no rule for the type ${dataType}`);
        return { name, kind, nullable: isNullable, optional: isNullable || hasDefaultValue };
      }),
    ]),
  );
  return (table, row) => problemOf(table, shapes.get(table) ?? [], row);
}

function problemOf(table: ArchivedTable, columns: readonly Column[], row: Row): string | null {
  const known = new Set(columns.map(({ name }) => name));
  const strange = Object.keys(row).find((name) => !known.has(name));
  if (strange !== undefined) return `${table}: has no column ${JSON.stringify(strange.slice(0, 60))}`;
  for (const column of columns) {
    const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
    const wrong = valueProblem(table, column, value);
    if (wrong !== null) return `${table}.${column.name}: ${wrong}`;
  }
  return null;
}

function valueProblem(table: ArchivedTable, { name, kind, nullable, optional }: Column, value: unknown) {
  if (value === undefined) return optional ? null : 'is missing';
  if (value === null) return nullable ? null : 'is null';
  if (kind === 'whole') return Number.isSafeInteger(value) ? null : 'is no whole number';
  if (kind === 'real') return Number.isFinite(value) ? null : 'is no number';
  if (typeof value !== 'string') return 'is no text';
  if (HASHES.has(name) && !Value.Check(Sha256, value)) return 'is no SHA-256';
  // An alert that somebody reported has no camera.
  if (NAMES.has(name) && value !== '' && !Value.Check(Slug, value))
    return 'is no name of small letters, digits and -';
  if (table === 'users' && name === 'role' && !(ROLES as readonly string[]).includes(value))
    return 'is no role';
  if (JSON_TEXTS[table]?.includes(name) === true && !isJson(value)) return 'is no JSON';
  if (table === 'inspections' && name === 'evidence' && !hasSoundNames(JSON.parse(value)))
    return 'names a picture that is no SHA-256';
  return null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function hasSoundNames(evidence: unknown): boolean {
  return Array.isArray(evidence) && evidence.every((entry) => Value.Check(Sha256, entry?.sha256));
}
