/** `npm run schemas [-- --out DIR]`: the JSON Schema of every message, for systems that are not written in TypeScript. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { modernSchema } from './modern-schema.ts';
import { MESSAGE_SCHEMAS } from './parse.ts';
import { WIRE_VERSION } from './version.ts';

const usage = `Usage: npm run schemas [-- --out DIR]

Prints the JSON Schema (draft 2020-12) of every MQTT message as one object, or writes one file a message into DIR.`;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

try {
  const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) console.log(usage);
  else print(values.out);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function print(out: string | undefined): void {
  const schemas = Object.entries(MESSAGE_SCHEMAS).map(
    ([name, schema]) => [name, { $schema: DIALECT, ...(modernSchema(schema) as object) }] as const,
  );
  if (out === undefined) {
    console.log(JSON.stringify(Object.fromEntries(schemas), null, 2));
    return;
  }
  mkdirSync(out, { recursive: true });
  for (const [name, schema] of schemas) {
    const file = join(out, `${name}.v${WIRE_VERSION}.schema.json`);
    writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
    console.log(file);
  }
}
