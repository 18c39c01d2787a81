/** What is wrong with a value, said for the person who wrote it: the field, what it was, and what is allowed. */
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';

interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly additionalItems?: unknown;
  readonly anyOf?: readonly (SchemaNode & { readonly const?: unknown })[];
  readonly pattern?: string;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** One sentence for each field that does not fit; empty when all fit. Secrets are named, never shown. */
export function findProblems(schema: TSchema, value: unknown): string[] {
  return inspect(schema as SchemaNode, value, '');
}

function inspect(schema: SchemaNode, value: unknown, path: string): string[] {
  if (schema.type === 'object' && isRecord(value)) return inspectObject(schema, value, path);
  if (schema.type === 'array' && Array.isArray(value)) return inspectArray(schema, value, path);
  if (Value.Check(schema as TSchema, value)) return [];
  return [`${path || 'the file'}: ${show(path, value)} is not allowed; expected ${expectation(schema)}`];
}

function inspectObject(schema: SchemaNode, value: Record<string, unknown>, path: string): string[] {
  const known = schema.properties ?? {};
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const unknown = Object.keys(value)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => `${at(key)}: unknown key${suggestion(key, Object.keys(known))}`);
  const missing = (schema.required ?? [])
    .filter((key) => value[key] === undefined)
    .map((key) => `${at(key)}: is missing; expected ${expectation(known[key] ?? {})}`);
  const inner = Object.entries(known).flatMap(([key, child]) =>
    value[key] === undefined ? [] : inspect(child, value[key], at(key)),
  );
  return [...unknown, ...missing, ...inner];
}

function inspectArray(schema: SchemaNode, value: readonly unknown[], path: string): string[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (value.length < minItems || value.length > maxItems) {
    return [`${path}: has ${value.length} entries; expected ${expectation(schema)}`];
  }
  const items = schema.items;
  return value.flatMap((entry, index) => {
    const child = Array.isArray(items) ? (items[index] as SchemaNode | undefined) : (items as SchemaNode);
    return child === undefined ? [] : inspect(child, entry, `${path}[${index}]`);
  });
}

function expectation(schema: SchemaNode): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map((option) => option.const).join(', ');
  if (schema.type === 'string') {
    if (schema.description !== undefined) return schema.description;
    if (schema.pattern !== undefined) return `text like ${schema.pattern}`;
    return `text of ${schema.minLength ?? 0} to ${schema.maxLength ?? 'any number of'} characters`;
  }
  if (schema.type === 'number' || schema.type === 'integer') return numberRange(schema);
  if (schema.type === 'array') {
    return `a list of ${schema.minItems ?? 0} to ${schema.maxItems ?? 'any number of'} entries`;
  }
  return schema.type === 'object' ? `keys ${Object.keys(schema.properties ?? {}).join(', ')}` : 'a value';
}

function numberRange({ type, minimum, maximum, exclusiveMaximum }: SchemaNode): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const upper = maximum !== undefined ? ` to ${maximum}` : ` to below ${exclusiveMaximum}`;
  return `${kind} from ${minimum}${upper}`;
}

function show(path: string, value: unknown): string {
  if (/password/i.test(path)) return 'the value (not shown)';
  const text = JSON.stringify(value) ?? String(value);
  const safe = text.replace(/\/\/[^/@\s"]*@/g, '//***@');
  return safe.length > 80 ? `${safe.slice(0, 80)}…` : safe;
}

/** The nearest known key, when it is near enough to be what was meant. */
function suggestion(key: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(key.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  if (nearest !== undefined && nearest.distance <= Math.max(2, key.length / 3)) {
    return `; did you mean ${nearest.candidate}?`;
  }
  return `; known here: ${known.join(', ')}`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] as number;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
