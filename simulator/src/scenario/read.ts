/** Scenario files: YAML in, a scenario that makes sense out, or every reason why it does not. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseYaml } from '@roadwatch/common';
import { describeErrors } from '@roadwatch/contract';
import { Value } from 'typebox/value';
import { parseFault } from '../camera/faults.ts';
import { DEFAULT_SIZE } from '../street/film.ts';
import { makeDamage } from '../street/scene.ts';
import { Scenario } from './schema.ts';

const MAX_FILE_BYTES = 256 * 1024;

export class ScenarioError extends Error {
  override name = 'ScenarioError';
}

/** @throws ScenarioError that names the file, the field and what was expected */
export async function readScenario(file: string): Promise<Scenario> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ScenarioError(`${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  try {
    return withFilesBeside(parseScenario(text), file);
  } catch (error) {
    throw new ScenarioError(`${file}: ${(error as Error).message}`);
  }
}

/** @throws ScenarioError */
export function parseScenario(text: string): Scenario {
  let value: unknown;
  try {
    ({ value } = parseYaml(text, { maxBytes: MAX_FILE_BYTES }));
  } catch (error) {
    throw new ScenarioError(`not valid YAML: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null) throw new ScenarioError('expected a mapping of fields');
  // A fault that does not fit is told by its own kind rather than as none of twenty.
  for (const [i, entry] of listOf(value, 'faults').entries()) {
    try {
      parseFault((entry as { fault?: unknown } | null)?.fault);
    } catch (error) {
      throw new ScenarioError(`faults/${i}/fault/${(error as Error).message}`);
    }
  }
  if (!Value.Check(Scenario, value)) throw new ScenarioError(describeErrors(Scenario, value));
  const scenario = value as Scenario;
  const problems = contradictions(scenario);
  if (problems.length > 0) throw new ScenarioError(problems.join('; '));
  return scenario;
}

/** What no street could do, though every field fits by itself. */
function contradictions(scenario: Scenario): string[] {
  const { seconds, damage = [], crew = [], parked = [], faults = [], weather = [], traffic = [] } = scenario;
  const problems: string[] = [];
  const { width = DEFAULT_SIZE.width, height = DEFAULT_SIZE.height, subStream } = scenario.video ?? {};
  if (subStream !== undefined && (subStream.width > width || subStream.height > height)) {
    problems.push(`video/subStream: larger than the picture (${width}x${height})`);
  }
  if ((scenario.user === undefined) !== (scenario.passwordFile === undefined)) {
    problems.push('user and passwordFile belong together');
  }
  const within = (field: string, at: number): void => {
    if (at > seconds)
      problems.push(`${field}: ${at} lies after the end of the scenario (seconds: ${seconds})`);
  };
  const ordered = (field: string, from: number, to: number | undefined): void => {
    if (to !== undefined && to <= from) problems.push(`${field}: ${to} is not after ${from}`);
  };
  for (const [i, entry] of damage.entries()) {
    within(`damage/${i}/at`, entry.at);
    ordered(`damage/${i}/repairedAt`, entry.at + (entry.growSeconds ?? 0), entry.repairedAt);
    for (const [j, other] of damage.slice(0, i).entries()) {
      if (idOf(entry, i) === idOf(other, j))
        problems.push(`damage/${i}/id: ${idOf(entry, i)} is there already`);
      if (overlapInTime(entry, other) && overlapInSpace(entry, other)) {
        problems.push(`damage/${i}: lies on damage/${j} at the same time`);
      }
    }
  }
  for (const [i, { at, until }] of parked.entries()) {
    within(`parked/${i}/at`, at);
    ordered(`parked/${i}/until`, at, until);
  }
  for (const [i, { at, until }] of crew.entries()) {
    within(`crew/${i}/at`, at);
    ordered(`crew/${i}/until`, at, until);
  }
  for (const [i, entry] of faults.entries()) {
    within(`faults/${i}/at`, entry.at);
    ordered(`faults/${i}/until`, entry.at, entry.until);
    const clash = faults.slice(0, i).findIndex((other) => clashes(entry, other));
    if (clash >= 0) problems.push(`faults/${i}: ${entry.fault.kind} goes on already (faults/${clash})`);
  }
  for (const [field, list] of [
    ['weather', weather],
    ['traffic', traffic],
  ] as const) {
    for (const [i, { at }] of list.entries()) {
      within(`${field}/${i}/at`, at);
      const before = list[i - 1];
      if (before !== undefined && at <= before.at)
        problems.push(`${field}/${i}/at: ${at} is not after ${before.at}`);
    }
    if (list[0] !== undefined && list[0].at !== 0) problems.push(`${field}/0/at: the first begins at 0`);
  }
  return problems;
}

type DamageEntry = NonNullable<Scenario['damage']>[number];

/** The name that ground truth uses for the damage. */
export function idOf({ id }: DamageEntry, index: number): string {
  return id ?? `damage-${index + 1}`;
}

function overlapInTime(a: DamageEntry, b: DamageEntry): boolean {
  return a.at < (b.repairedAt ?? Infinity) && b.at < (a.repairedAt ?? Infinity);
}

function reachOf({ kind, x, z, size = 1, seed = 0, cutout }: DamageEntry): {
  readonly reachX: number;
  readonly reachZ: number;
} {
  if (cutout === undefined) return makeDamage({ kind, x, z, size, seed });
  const [across, along] = cutout.metres;
  return { reachX: (across * size) / 2, reachZ: (along * size) / 2 };
}

function overlapInSpace(a: DamageEntry, b: DamageEntry): boolean {
  const [one, other] = [reachOf(a), reachOf(b)];
  const share = 0.5;
  return (
    Math.abs(a.x - b.x) < (one.reachX + other.reachX) * share &&
    Math.abs(a.z - b.z) < (one.reachZ + other.reachZ) * share
  );
}

type FaultEntry = NonNullable<Scenario['faults']>[number];

function clashes(a: FaultEntry, b: FaultEntry): boolean {
  // What happens in an instant can happen again.
  if (a.fault.kind !== b.fault.kind || a.fault.kind === 'drop' || a.fault.kind === 'timestamp-jump')
    return false;
  return a.at < (b.until ?? Infinity) && b.at < (a.until ?? Infinity);
}

function listOf(value: object, field: string): unknown[] {
  const list = (value as Record<string, unknown>)[field];
  return Array.isArray(list) ? list : [];
}

/** Backgrounds, photographs and the password lie relative to the scenario. */
function withFilesBeside(scenario: Scenario, file: string): Scenario {
  const { background, damage, passwordFile } = scenario;
  const beside = (path: string): string => resolve(dirname(file), path);
  return {
    ...scenario,
    ...(background && {
      background:
        'video' in background ? { video: beside(background.video) } : { picture: beside(background.picture) },
    }),
    ...(passwordFile !== undefined && { passwordFile: beside(passwordFile) }),
    ...(damage && {
      damage: damage.map(({ cutout, ...rest }) =>
        cutout === undefined ? rest : { ...rest, cutout: { ...cutout, picture: beside(cutout.picture) } },
      ),
    }),
  };
}
