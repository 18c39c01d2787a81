/** Calls of the API made up from its OpenAPI document: what a schema allows, what it forbids, and what nobody thought of. */
import fc from 'fast-check';

const FORM = 'application/x-www-form-urlencoded';

interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Operation {
  /** Left out for what is public. */
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

export interface Call {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** How the body is written. */
  readonly type: 'application/json' | typeof FORM;
}

export const HOSTILE = [
  "'; drop table alerts; --",
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '%00',
  'a\u0000b',
  '\ud800',
  '\u202e\u{1f573}',
  '__proto__',
  '',
  ' ',
  'x'.repeat(1500),
];

const anything = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE, null, true, -1, 0, 1e308, [], {}, [[]], { toString: 1 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as unknown),
);

/** What the schema allows, with `ids` for what names things, and now and then anything at all. */
function made(schema: Schema, ids: readonly string[], wild = 0.15): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: Math.round(wild * 100), arbitrary: anything },
    { weight: Math.round((1 - wild) * 100), arbitrary: fitting(schema, ids, wild) },
  );
}

function fitting(schema: Schema, ids: readonly string[], wild: number): fc.Arbitrary<unknown> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => fitting(one, ids, wild)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.ceil(schema.minimum ?? -10),
        max: Math.min(schema.maximum ?? 1000, 1e9),
      });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(made(schema.items ?? {}, ids, wild), { maxLength: 3 });
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, made(inner, ids, wild)]),
        ),
        { requiredKeys: [] },
      );
    default:
      if (schema.format === 'date-time')
        return fc
          .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
          .map((at) => at.toISOString());
      return fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...ids) },
        { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
        { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
      );
  }
}

export function callOf(
  { parameters = [], requestBody }: Operation,
  ids: readonly string[],
): fc.Arbitrary<Call> {
  const named = (place: string) =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === place)
          .map(({ name, schema }) => [name, made(schema, ids)]),
      ),
      {
        requiredKeys: parameters
          .filter((one) => one.in === 'path' && place === 'path')
          .map(({ name }) => name),
      },
    );
  const form = requestBody?.content[FORM]?.schema;
  const schema = form ?? requestBody?.content['application/json']?.schema;
  return fc.record({
    path: named('path'),
    query: named('query'),
    headers: named('header'),
    body: schema === undefined ? fc.option(anything, { nil: undefined }) : made(schema, ids),
    type: fc.constant<Call['type']>(form === undefined ? 'application/json' : FORM),
  });
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** As a header may be, which is all that a client can send. */
export function headerText(value: unknown): string {
  return textOf(value).replace(/[^\x20-\x7e]/g, '?');
}

export function bodyOf({ body, type }: Call): string {
  if (type === 'application/json' || typeof body !== 'object') return JSON.stringify(body) ?? '';
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(body ?? {})) fields.set(name, textOf(value));
  return fields.toString();
}
