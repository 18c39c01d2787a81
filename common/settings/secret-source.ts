/** Where a secret may stand: in the configuration itself, in a file of its own, or in a variable of the environment. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Reads a file that the configuration names; undefined, and a problem noted, when it cannot. */
export type ReadFile = (field: string, path: string | undefined) => string | undefined;

/** Of files named relative to a folder: the text without the line end that editors add. An empty one is a problem, too. */
export function fileReader(folder: string, problems: string[]): ReadFile {
  return (field, path) => {
    if (path === undefined) return undefined;
    const file = resolve(folder, path);
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (text === '') problems.push(`${field}: ${path} is empty`);
      return text;
    } catch (error) {
      problems.push(`${field}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
      return undefined;
    }
  };
}

/** The value of `NAME`, `NAMEFile` or `NAMEEnv` of a section; undefined when it has none of them. */
export function secretOf(
  field: string,
  name: string,
  section: Readonly<Record<string, unknown>>,
  read: ReadFile,
  problems: string[],
): string | undefined {
  const [value, file, variable] = [name, `${name}File`, `${name}Env`].map(
    (key) => section[key] as string | undefined,
  );
  if ([value, file, variable].filter((given) => given !== undefined).length > 1)
    problems.push(`${field}.${name}: give one of ${name}, ${name}File and ${name}Env`);
  if (value !== undefined) return value;
  if (file !== undefined) return read(`${field}.${name}File`, file);
  if (variable === undefined) return undefined;
  const given = process.env[variable];
  if (!given) problems.push(`${field}.${name}Env: the variable ${variable} is not set`);
  return given;
}
