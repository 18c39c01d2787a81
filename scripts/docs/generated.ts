/** Every file, or block of a file, that is written by a program: its path, and the text that it must have. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigSchema as AgentSchema } from '../../agent/src/config/schema.ts';
import { ConfigSchema as GatewaySchema } from '../../gateway/src/config/schema.ts';
import { Scenario } from '../../simulator/src/scenario/schema.ts';
import { annotationsOf } from './annotations.ts';
import { withBlock } from './block.ts';
import { editorSchema, type JsonSchema } from './editor-schema.ts';
import { keyPaths, referenceTable } from './reference.ts';
import { readImports } from './room-graph.ts';
import { PACKAGES, roomsPicture } from './rooms-picture.ts';
import { alertStates, ticketStates } from './states.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

interface Settings {
  readonly name: string;
  readonly title: string;
  readonly schema: JsonSchema;
  readonly example: string | null;
  readonly variables: boolean;
}

/** The files that people write by hand. Their schemas carry TypeBox's own marks, which JSON does not show. */
export const SETTINGS: readonly Settings[] = [
  {
    name: 'agent',
    title: 'Roadwatch agent: agent.yaml',
    schema: plain(AgentSchema),
    example: 'agent/agent.example.yaml',
    variables: true,
  },
  {
    name: 'gateway',
    title: 'Roadwatch gateway: gateway.yaml',
    schema: plain(GatewaySchema),
    example: 'gateway/gateway.example.yaml',
    variables: false,
  },
  {
    name: 'scenario',
    title: 'Roadwatch simulator: a scenario',
    schema: plain(Scenario),
    example: null,
    variables: false,
  },
];

export interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

export async function generatedFiles(): Promise<GeneratedFile[]> {
  const imports = await readImports(ROOT, PACKAGES);
  let architecture = read('docs/architecture.md');
  architecture = withBlock(architecture, 'rooms', roomsPicture(imports));
  architecture = withBlock(architecture, 'alert states', alertStates());
  architecture = withBlock(architecture, 'ticket states', ticketStates());
  let reference = read('docs/configuration-reference.md');
  for (const { name, schema, example } of SETTINGS)
    reference = withBlock(reference, `${name} keys`, referenceTable(schema, annotations(schema, example)));
  const schemas = SETTINGS.map(({ name, title, schema, example, variables }) => ({
    path: `docs/schemas/${name}.schema.json`,
    text: `${JSON.stringify(editorSchema(schema, { title, variables, annotations: annotations(schema, example) }), null, 2)}\n`,
  }));
  return [
    { path: 'docs/architecture.md', text: architecture },
    { path: 'docs/configuration-reference.md', text: reference },
    ...schemas,
  ];
}

/** Those whose text on disk is another. */
export function outdated(files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.filter(({ path, text }) => !existsSync(join(ROOT, path)) || read(path) !== text);
}

function annotations(schema: JsonSchema, example: string | null): ReadonlyMap<string, string> {
  if (example === null) return new Map();
  const paths = new Set(keyPaths(schema));
  return annotationsOf(read(example), (path) => paths.has(path));
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function plain(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}
