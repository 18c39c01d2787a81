/** A settings file, from its bytes to values that fit its schema, or every reason why they do not. */
import { readFileSync, statSync } from 'node:fs';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { isScalar } from 'yaml';
import { fieldName, findProblems, type Path, secretFields } from './problems.ts';
import { parseYaml, type Yaml, YamlError, type YamlLimits } from './yaml.ts';

/** A configuration that cannot be used: one line for each thing to mend, none of which holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(file: string, problems: readonly string[]) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  }
}

/** The text of a file in UTF-8. Throws ConfigError. */
export function readSettings(file: string, maxBytes = 1024 * 1024): string {
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    if (size > maxBytes) throw new ConfigError(file, [`is larger than ${maxBytes} bytes`]);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(file, [`cannot be read (${(error as NodeJS.ErrnoException).code})`]);
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new ConfigError(file, ['is in UTF-16; save it as UTF-8']);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const line = firstBadLine(bytes);
    throw new ConfigError(file, [`line ${line}: is not UTF-8 (GBK or another encoding?); save it as UTF-8`]);
  }
}

export interface SettingsOptions {
  /** Left out, `${NAME}` in a text stays as it is. */
  readonly env?: NodeJS.ProcessEnv;
  readonly limits?: YamlLimits;
}

export interface CheckedSettings {
  /** As the file has it, with defaults; it need not fit the schema. */
  readonly value: unknown;
  readonly problems: readonly string[];
  /** A sentence that begins with a field, with the line in which that stands. */
  located(problem: string): string;
}

/** `file` is named in errors. Throws ConfigError. */
export function parseSettings<Schema extends TSchema>(
  schema: Schema,
  text: string,
  file: string,
  options: SettingsOptions = {},
): Static<Schema> {
  const { value, problems } = checkSettings(schema, text, file, options);
  if (problems.length > 0) throw new ConfigError(file, problems);
  return value as Static<Schema>;
}

/** For a program that can do without some parts: what the file says, and what is wrong with it. Throws ConfigError when it is no YAML. */
export function checkSettings(
  schema: TSchema,
  text: string,
  file: string,
  { env, limits }: SettingsOptions = {},
): CheckedSettings {
  let yaml: Yaml;
  try {
    yaml = parseYaml(text, limits);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ConfigError(
      file,
      error.problems.map((problem) => `not valid YAML: ${problem}`),
    );
  }
  const { lineOf } = yaml;
  const located = (problem: string): string => withLine(problem, lineOf(pathOf(problem)));
  const unset: string[] = [];
  const expanded = env === undefined ? yaml.value : expandEnvironment(yaml.value, env, '', unset);
  // An empty file lacks all that has no default.
  const value = Value.Default(schema, expanded ?? {});
  // What an unset variable leaves behind is no mistake of its own.
  const without = new Set(unset.map((problem) => fieldName(pathOf(problem))));
  const unfit = findProblems(schema, value).filter(({ path }) => !without.has(fieldName(path)));
  const problems = [
    ...unset.map(located),
    ...unfit.map((problem) => withLine(problem.text, lineOf(problem.path))),
    ...cutValues(schema, yaml).map(located),
  ];
  return { value, problems, located };
}

function withLine(problem: string, line: number | null): string {
  return line === null ? problem : `${problem} (line ${line})`;
}

const FIELD = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\d+\])*/;

/** Of a sentence that begins with the field's name. */
function pathOf(problem: string): Path {
  const [field = ''] = FIELD.exec(problem) ?? [];
  return [...field.matchAll(/[A-Za-z_][\w-]*|\d+(?=\])/g)].map(([part]) =>
    /^\d/.test(part) ? Number(part) : part,
  );
}

/** Nothing can have been cut off the name of a variable. */
const VARIABLE = /^\$\{\w+\}$/;

/**
 * What YAML cuts off without a word: `password: pass #1` is `pass` and a comment. A secret without quotes has no comment beside it,
 * and an address none that looks like the rest of its login.
 */
function cutValues(schema: TSchema, { value, document }: Yaml): string[] {
  return secretFields(schema, value).flatMap(({ path, kind }) => {
    const node = document.getIn(path, true);
    if (!isScalar(node) || node.type !== 'PLAIN' || !node.comment) return [];
    const whole = kind === 'address' ? !node.comment.includes('@') : VARIABLE.test(String(node.value));
    if (whole) return [];
    return [
      `${fieldName(path)}: YAML takes what is behind a space and # for a comment and cuts it off; ` +
        'put the value in quotes, or the comment on a line of its own',
    ];
  });
}

/** Replaces `${NAME}` in every text by the environment's value; a name that is not set is a problem. */
function expandEnvironment(
  value: unknown,
  env: NodeJS.ProcessEnv,
  path: string,
  problems: string[],
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (found === undefined) problems.push(`${path}: the environment variable ${name} is not set`);
      return found ?? '';
    });
  }
  if (Array.isArray(value)) {
    return value.map((entry, index) => expandEnvironment(entry, env, `${path}[${index}]`, problems));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      expandEnvironment(entry, env, path === '' ? key : `${path}.${key}`, problems),
    ]),
  );
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (!part.equals(Buffer.from(part.toString('utf8')))) return line;
    if (end < 0) break;
    from = end + 1;
  }
  return line;
}
