/** What is wrong with a value, said for the person who wrote it: the field, what it was, and what is allowed. */
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';

interface Problem {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}
type Node = Readonly<Record<string, unknown>>;

/** One sentence for each field that does not fit; empty when all fit. Secrets are named, never shown. */
export function findProblems(schema: TSchema, value: unknown): string[] {
  const sentences = new Map<string, string>();
  for (const problem of Value.Errors(schema, value) as Iterable<Problem>) {
    if (problem.keyword === 'boolean') continue;
    const sentence = describe(schema, value, problem);
    if (!sentences.has(problem.instancePath + problem.keyword) && !hasBroader(problem, sentences))
      sentences.set(
        problem.instancePath + (problem.keyword === 'additionalProperties' ? problem.keyword : ''),
        sentence,
      );
  }
  return [...sentences.values()];
}

function hasBroader(problem: Problem, sentences: ReadonlyMap<string, string>): boolean {
  return problem.keyword !== 'additionalProperties' && sentences.has(problem.instancePath);
}

function describe(schema: TSchema, value: unknown, problem: Problem): string {
  const field = fieldName(problem.instancePath);
  const node = nodeAt(schema, problem.instancePath);
  if (problem.keyword === 'additionalProperties') {
    const known = Object.keys((node.properties as Node | undefined) ?? {});
    const names = problem.params.additionalProperties as string[];
    return `${join(field, names.join(', '))}: unknown key; known here: ${known.join(', ')}`;
  }
  if (problem.keyword === 'required') {
    const names = problem.params.requiredProperties as string[];
    return names.map((name) => `${join(field, name)}: is missing`).join('; ');
  }
  const got = /password|secret|token|apiKey/i.test(field)
    ? 'the value (not shown)'
    : show(at(value, problem.instancePath));
  return `${field || 'the file'}: ${got} is not allowed; expected ${expectation(node, problem.message)}`;
}

function expectation(node: Node, fallback: string): string {
  if (Array.isArray(node.anyOf) && typeof node.description !== 'string')
    return node.anyOf.map((option: Node) => option.const).join(', ');
  if (typeof node.description === 'string' && node.type !== 'object') return node.description;
  if (node.type === 'number' || node.type === 'integer') {
    const kind = node.type === 'integer' ? 'a whole number' : 'a number';
    return `${kind} from ${node.minimum ?? 'any'} to ${node.maximum ?? 'any'}`;
  }
  if (node.type === 'string') {
    return node.pattern
      ? `text like ${node.pattern}`
      : `text of ${node.minLength ?? 0} to ${node.maxLength ?? 'any number of'} characters`;
  }
  if (node.type === 'array')
    return `a list of ${node.minItems ?? 0} to ${node.maxItems ?? 'any number of'} entries`;
  if (node.type === 'object')
    return `keys ${Object.keys((node.properties as Node | undefined) ?? {}).join(', ')}`;
  return fallback;
}

function parts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function fieldName(pointer: string): string {
  return parts(pointer).reduce(
    (name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : join(name, part)),
    '',
  );
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}

function nodeAt(schema: TSchema, pointer: string): Node {
  return parts(pointer).reduce<Node>(
    (node, part) => {
      const child = (node.properties as Node | undefined)?.[part] ?? node.items;
      return ((Array.isArray(child) ? child[Number(part)] : child) as Node) ?? {};
    },
    schema as unknown as Node,
  );
}

function at(value: unknown, pointer: string): unknown {
  return parts(pointer).reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? (inner as Node)[part] : undefined),
    value,
  );
}

function show(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'nothing').replace(/\/\/[^/@\s"]*@/g, '//***@');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
