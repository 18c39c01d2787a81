/** Every key of a settings file as a table: what is allowed, its default, and what it is for. */
import { DAMAGE_CLASSES } from '@roadwatch/contract';
import type { Annotations } from './annotations.ts';
import type { JsonSchema } from './editor-schema.ts';

const ALERTING = DAMAGE_CLASSES.filter(({ alerts }) => alerts).map(({ name }) => name);

interface Entry {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly isNeeded: boolean;
}

export function referenceTable(schema: JsonSchema, annotations: Annotations): string {
  const rows = entriesOf(schema).map(({ path, schema: entry, isNeeded }) => {
    const said = annotations.get(path.replaceAll('[]', '')) ?? '';
    return `| \`${path}\` | ${cell(allowed(entry))} | ${cell(fallback(entry, isNeeded))} | ${cell(said)} |`;
  });
  return ['| key | allowed | default | what it is |', '|---|---|---|---|', ...rows].join('\n');
}

/** Paths of all keys, without the brackets of lists. */
export function keyPaths(schema: JsonSchema): string[] {
  return entriesOf(schema).map(({ path }) => path.replaceAll('[]', ''));
}

function entriesOf(schema: JsonSchema, path = ''): Entry[] {
  const inner = Object.entries(likeEntries(schema.properties ?? {})).flatMap(([key, value]) => {
    const own = path === '' ? key : `${path}.${key}`;
    const isNeeded = (schema.required ?? []).includes(key) && value.default === undefined;
    return [{ path: own, schema: value, isNeeded }, ...entriesOf(value, own)];
  });
  const items = schema.items as JsonSchema | undefined;
  const ofItems = items?.properties === undefined ? [] : entriesOf(items, `${path}[]`);
  const ofChoices = (schema.anyOf ?? []).flatMap((one) => entriesOf(one, path));
  const seen = new Set<string>();
  return [...inner, ...ofItems, ...ofChoices].filter(({ path: own }) => !seen.has(own) && seen.add(own));
}

/** Keys that are values themselves, such as damage classes and percentages, stand for all of their kind. */
function likeEntries(properties: Readonly<Record<string, JsonSchema>>): Readonly<Record<string, JsonSchema>> {
  const keys = Object.keys(properties);
  const [first] = Object.values(properties);
  if (first === undefined) return {};
  if (keys.every((key) => (ALERTING as readonly string[]).includes(key))) return { CLASS: first };
  return keys.every((key) => /^\d+$/.test(key)) ? { PERCENT: first } : properties;
}

function allowed(schema: JsonSchema): string {
  const { anyOf, type, items } = schema;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (anyOf !== undefined) return [...new Set(anyOf.map(allowed))].join(', ');
  if (type === 'array') {
    const { minItems, maxItems } = schema;
    const count = span(minItems, maxItems);
    const one = Array.isArray(items) || items === undefined ? '' : ` of: ${allowed(items as JsonSchema)}`;
    return `list${count === '' ? '' : ` of ${count} entries`}${one}`;
  }
  if (type === 'object') return 'section';
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'integer' || type === 'number') {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
    const range = span(minimum ?? exclusiveMinimum, maximum ?? exclusiveMaximum);
    return `${type === 'integer' ? 'whole number' : 'number'}${range === '' ? '' : ` ${range}`}`;
  }
  return schema.description ?? (type === 'string' ? 'text' : 'see the example');
}

function span(least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  if (least !== undefined) return `from ${least} on`;
  return most === undefined ? '' : `up to ${most}`;
}

function fallback(schema: JsonSchema, isNeeded: boolean): string {
  if (isNeeded) return '**needed**';
  const { default: value } = schema;
  if (
    value === undefined ||
    (typeof value === 'object' && Object.keys(value as object).length === 0 && schema.type === 'object')
  )
    return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
