/** What is wrong with a value, said for the person who wrote it: the field, what it was, and what is allowed. */
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { redactText, showUrl } from '../redact.ts';

export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly pattern?: string;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly additionalProperties?: unknown;
  readonly writeOnly?: boolean;
}

export type Path = readonly (string | number)[];

/** A field that does not fit. */
export interface Problem {
  readonly path: Path;
  /** Begins with the field's name; a secret is named, never shown. */
  readonly text: string;
}

/** One for each field that does not fit; empty when all fit. */
export function findProblems(schema: TSchema, value: unknown): Problem[] {
  return inspect(schema as SchemaNode, value, []);
}

/** The fields that hold a secret, or an address, by the schema. */
export function secretFields(
  schema: TSchema,
  value: unknown,
): readonly { readonly path: Path; readonly kind: 'secret' | 'address' }[] {
  const found: { path: (string | number)[]; kind: 'secret' | 'address' }[] = [];
  const visit = (node: SchemaNode, at: unknown, path: (string | number)[]): void => {
    if (node.writeOnly) found.push({ path, kind: 'secret' });
    else if (isAddress(node)) found.push({ path, kind: 'address' });
    if (isRecord(at))
      for (const [key, child] of Object.entries(node.properties ?? {}))
        if (Object.hasOwn(at, key)) visit(child, at[key], [...path, key]);
    const { items } = node;
    if (Array.isArray(at) && items !== undefined && !Array.isArray(items))
      for (const [index, entry] of at.entries()) visit(items as SchemaNode, entry, [...path, index]);
  };
  visit(schema as SchemaNode, value, []);
  return found;
}

/** `cameras[0].url`, as people write it. */
export function fieldName(path: Path): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? part : `${name}.${part}`;
  }, '');
}

function inspect(schema: SchemaNode, value: unknown, path: Path): Problem[] {
  if (schema.type === 'object' && isRecord(value)) return inspectObject(schema, value, path);
  if (schema.type === 'array' && Array.isArray(value)) return inspectArray(schema, value, path);
  if (Value.Check(schema as TSchema, value)) return [];
  const got = schema.writeOnly ? 'the value (not shown)' : show(value, isAddress(schema));
  return [problem(path, `${got} is not allowed; expected ${expectation(schema)}`)];
}

function problem(path: Path, what: string, shown: Path = path): Problem {
  return { path, text: `${fieldName(shown) || 'the file'}: ${what}` };
}

function inspectObject(schema: SchemaNode, value: Record<string, unknown>, path: Path): Problem[] {
  const known = schema.properties ?? {};
  const open = schema.additionalProperties !== false;
  const unknown = Object.keys(value)
    .filter((key) => !open && !Object.hasOwn(known, key))
    .map((key) =>
      problem([...path, key], `unknown key${suggestion(key, Object.keys(known))}`, [...path, shownKey(key)]),
    );
  const missing = (schema.required ?? [])
    .filter((key) => value[key] === undefined)
    .map((key) => problem([...path, key], `is missing; expected ${expectation(known[key] ?? {})}`));
  const inner = Object.entries(known).flatMap(([key, child]) =>
    value[key] === undefined ? [] : inspect(child, value[key], [...path, key]),
  );
  return [...unknown, ...missing, ...inner];
}

function inspectArray(schema: SchemaNode, value: readonly unknown[], path: Path): Problem[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema;
  if (value.length < minItems || value.length > maxItems) {
    const count = value.length === 1 ? '1 entry' : `${value.length} entries`;
    return [problem(path, `has ${count}; expected ${expectation(schema)}`)];
  }
  const inner = value.flatMap((entry, index) => {
    const child = Array.isArray(items) ? (items[index] as SchemaNode | undefined) : (items as SchemaNode);
    return child === undefined ? [] : inspect(child, entry, [...path, index]);
  });
  if (inner.length > 0 || Value.Check(schema as TSchema, value)) return inner;
  return [problem(path, 'has the same entry twice')];
}

function expectation(schema: SchemaNode): string {
  if (schema.description !== undefined && schema.type !== 'object') return schema.description;
  if (schema.anyOf !== undefined) return schema.anyOf.map((option) => option.const ?? option.type).join(', ');
  if (schema.enum !== undefined) return schema.enum.join(', ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.type === 'string') {
    if (schema.pattern !== undefined) return `text like ${schema.pattern}`;
    return `text of ${schema.minLength ?? 0} to ${schema.maxLength ?? 'any number of'} characters`;
  }
  if (schema.type === 'number' || schema.type === 'integer') return numberRange(schema);
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'array') {
    return `a list of ${schema.minItems ?? 0} to ${schema.maxItems ?? 'any number of'} entries`;
  }
  return schema.type === 'object' ? `keys ${Object.keys(schema.properties ?? {}).join(', ')}` : 'a value';
}

function numberRange(schema: SchemaNode): string {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const least = minimum ?? (exclusiveMinimum === undefined ? 'any' : `above ${exclusiveMinimum}`);
  const most = maximum ?? (exclusiveMaximum === undefined ? 'any' : `below ${exclusiveMaximum}`);
  return `${kind} from ${least} to ${most}`;
}

/** What is inside a list or a mapping may be secret though nobody can tell, so its kind is told only. */
function show(value: unknown, address = false): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isRecord(value)) return 'a mapping of keys';
  // Without its scheme an address is not known for one by its text.
  const text = JSON.stringify(address && typeof value === 'string' ? showUrl(value) : value) ?? 'nothing';
  const safe = typeof value === 'string' ? redactText(text) : text;
  return safe.length > 80 ? `${safe.slice(0, 80)}…` : safe;
}

export function isAddress({ pattern }: SchemaNode): boolean {
  return pattern?.includes('://') ?? false;
}

/** A line that is no key at all may be a password that slipped. */
export function shownKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,40}$/.test(key) ? key : 'a line';
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

const LONGEST_KEY = 64;

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  if (a.length > LONGEST_KEY) return a.length;
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

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
