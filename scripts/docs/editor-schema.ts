/**
 * The JSON Schema of a settings file, for editors that complete and check it while one types (the YAML language server, in
 * VS Code, Neovim and others). It is the program's own schema with three differences: a key with a default may be left
 * out, what the annotated example says of a key is its description, and a text may hold `${NAME}` where the program
 * replaces it.
 */
import type { Annotations } from './annotations.ts';

/** What of JSON Schema the settings use. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

export interface EditorSchemaOptions {
  readonly title: string;
  readonly annotations: Annotations;
  /** Any text may hold `${NAME}`. */
  readonly variables: boolean;
}

export function editorSchema(schema: JsonSchema, options: EditorSchemaOptions): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: options.title,
    ...forEditor(schema, '', options),
  };
}

function forEditor(schema: JsonSchema, path: string, options: EditorSchemaOptions): JsonSchema {
  const { properties, required, items, anyOf } = schema;
  const said = options.annotations.get(path);
  const description = [said, schema.description]
    .filter((text) => text !== undefined && text !== '')
    .join('; ');
  const inner = {
    ...schema,
    ...(description !== '' && { description }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [
          key,
          forEditor(value, path === '' ? key : `${path}.${key}`, options),
        ]),
      ),
      required: (required ?? []).filter((key) => properties[key]?.default === undefined),
    }),
    ...(items &&
      !isTuple(items) && {
        items: forEditor(items, path, { ...options, annotations: below(options, path) }),
      }),
    ...(anyOf && {
      anyOf: anyOf.map((one) => forEditor(one, path, { ...options, annotations: below(options, path) })),
    }),
  };
  if (options.variables && schema.type === 'string' && schema.const === undefined) return orVariable(inner);
  return inner;
}

/** What is said of a list or a choice is said once, not of each entry again. */
function below({ annotations }: EditorSchemaOptions, path: string): Annotations {
  return new Map([...annotations].filter(([key]) => key !== path));
}

function isTuple(items: JsonSchema | readonly JsonSchema[]): items is readonly JsonSchema[] {
  return Array.isArray(items);
}

function orVariable(schema: JsonSchema): JsonSchema {
  const { description, default: fallback, ...rest } = schema;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [rest, { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}' }],
  };
}
