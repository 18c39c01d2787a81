/**
 * A package of the agent itself: fetched and checked here, and laid where the updater of the box takes it, which may do what the agent
 * may not. `VERSION.deb` or `VERSION.tar.gz`, `VERSION.json` with what was signed, and last of all `apply`, which names the version. What
 * comes of it is seen at the next start: either that version runs, or it was not confirmed in time. An updater may say more in
 * `result.json`, as the packaged one does.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { thrown } from '@roadwatch/common';
import { parseRelease, type Release, type ReleaseFile } from '@roadwatch/contract';
import { UPDATE_CODES, type UpdateCode } from '@roadwatch/contract/codes';
import type { Logger } from 'pino';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { makeFolder } from '../disk/make-folder.ts';
import { syncFolder } from '../disk/write-whole.ts';
import { VERSION } from '../version.ts';
import { endJob, type Job, withCount } from './jobs.ts';
import type { Progress } from './model-update.ts';
import type { UpdateStateFile } from './state.ts';
import { UpdateRefusal } from './update-refusal.ts';

export type PackageForm = 'deb' | 'tar.gz';

export interface PackageParts {
  /** The spool. */
  readonly dir: string;
  readonly form: PackageForm;
  readonly state: UpdateStateFile;
  readonly log: Logger;
}

/** An updater installs, and starts the agent, within this time that the agent runs. */
export const CONFIRM_MS = 15 * 60_000;
/** How often it is written down how much of that is over. */
const NOTE_EVERY_MS = 60_000;
/** As Debian and Node call them. */
const MACHINES: Readonly<Record<string, readonly string[]>> = { x64: ['amd64', 'x64'], arm64: ['arm64'] };
const MARKER = 'apply';
const RESULT = 'result.json';
/** How soon the word of an updater is noticed. */
const LOOK_EVERY_MS = 2_000;

/** What an updater says. While it is `installing` it has not decided yet, though the new version runs. */
const Result = Type.Object({
  version: Type.String(),
  outcome: Type.Union([
    Type.Literal('installing'),
    Type.Literal('installed'),
    Type.Literal('refused'),
    Type.Literal('rolled_back'),
  ]),
  code: Type.String(),
  detail: Type.String({ maxLength: 500 }),
});
type Result = Static<typeof Result>;

/** Resolves when the version runs, or has not been confirmed in time. Throws UpdateRefusal, or what the signal says. */
export async function updatePackage(
  parts: PackageParts,
  job: Job,
  release: Release,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { dir, state, log } = parts;
  const { version } = release;
  if (version === VERSION) {
    if (resultOf(dir, version)?.outcome === 'installing') progress.state('handed_over');
    await untilLate(parts, job, signal, () => resultOf(dir, version)?.outcome !== 'installing');
    clearSpool(parts, version);
    state.write({ jobs: endJob(state.now.jobs, job.rollout, 'running') });
    return;
  }
  // An updater takes the marker away when it begins; what it could not install is not handed over to it again.
  if (job.state !== 'handed_over' && markedVersion(dir) !== version) {
    const file = fileFor(release, parts.form);
    progress.state('fetching');
    const pathOf = await progress.fetch({ ...release, files: [file] });
    progress.state('verifying');
    spool(parts, release, job, file, pathOf(file.sha256));
    log.info({ version, file: file.name }, 'package handed to the updater');
  }
  progress.state('handed_over');
  let said: Result | null = null;
  try {
    said = await untilLate(
      parts,
      job,
      signal,
      (word) => word?.outcome === 'refused' || word?.outcome === 'rolled_back',
    );
  } catch (error) {
    // The end of the agent may be what the updater does; anything else takes the package back.
    if (!isEnd(signal)) clearSpool(parts, version);
    throw error;
  }
  clearSpool(parts, version);
  const detail = said?.detail || `this agent is still ${VERSION}`;
  const code = said !== null && isUpdateCode(said.code) ? said.code : 'not_confirmed';
  const became = said?.outcome === 'refused' ? 'refused' : 'rolled_back';
  state.write({ jobs: endJob(state.now.jobs, job.rollout, became, code, detail) });
}

/** By time that has passed for the agent, over its restarts, and until the updater has said enough: what it said last. */
async function untilLate(
  { dir, state, log }: PackageParts,
  { rollout, waitedMs = 0, release }: Job,
  signal: AbortSignal,
  isEnough: (said: Result | null) => boolean,
): Promise<Result | null> {
  const { version } = parseRelease(release);
  const begunMs = performance.now() - waitedMs;
  let notedMs = performance.now();
  const note = (): void => {
    notedMs = performance.now();
    try {
      const jobs = withCount(state.now.jobs, rollout, { waitedMs: notedMs - begunMs });
      state.write({ jobs });
    } catch (error) {
      log.error(thrown(error), 'how long the updater has had is not kept');
    }
  };
  try {
    for (;;) {
      const said = resultOf(dir, version);
      const leftMs = CONFIRM_MS - (performance.now() - begunMs);
      if (leftMs <= 0 || isEnough(said)) return said;
      await sleep(Math.min(LOOK_EVERY_MS, leftMs), undefined, { signal });
      if (performance.now() - notedMs >= NOTE_EVERY_MS) note();
    }
  } finally {
    note();
  }
}

/** Null: nothing that can be read, or of another version. */
function resultOf(dir: string, version: string): Result | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dir, RESULT), 'utf8'));
    return Value.Check(Result, value) && value.version === version ? value : null;
  } catch {
    return null;
  }
}

function isUpdateCode(code: string): code is UpdateCode {
  return Object.hasOwn(UPDATE_CODES, code);
}

/** The one for this machine. */
export function fileFor({ files }: Release, form: PackageForm, machine: string = process.arch): ReleaseFile {
  const names = MACHINES[machine] ?? [machine];
  const fitting = files.filter(
    ({ name }) =>
      name.endsWith(`.${form}`) && names.some((one) => new RegExp(`(^|[^0-9a-z])${one}[^0-9a-z]`).test(name)),
  );
  const [file, ...others] = fitting;
  if (file === undefined || others.length > 0)
    throw new UpdateRefusal(
      'release_invalid',
      `files: ${fitting.length} of them are for this machine (${names.join(' or ')}, .${form}); expected one`,
    );
  return file;
}

/** The marker comes last, so that an updater never sees half of it. */
function spool(
  { dir, form }: PackageParts,
  { version }: Release,
  { release, signature }: Job,
  file: ReleaseFile,
  fetched: string,
): void {
  makeFolder(dir);
  rmSync(join(dir, RESULT), { force: true });
  renameSync(fetched, join(dir, `${version}.${form}`));
  const note = { version, sha256: file.sha256, bytes: file.bytes, release, signature };
  writeFileSync(join(dir, `${version}.json`), `${JSON.stringify(note)}\n`, { mode: 0o600, flush: true });
  const marker = join(dir, MARKER);
  writeFileSync(`${marker}.part`, `${version}\n`, { mode: 0o600, flush: true });
  renameSync(`${marker}.part`, marker);
  syncFolder(dir);
}

function markedVersion(dir: string): string | null {
  try {
    return readFileSync(join(dir, MARKER), 'utf8').trim();
  } catch {
    return null;
  }
}

function clearSpool({ dir, form }: PackageParts, version: string): void {
  for (const name of [MARKER, RESULT, `${version}.${form}`, `${version}.json`])
    rmSync(join(dir, name), { force: true });
}

function isEnd({ reason }: AbortSignal): boolean {
  return !('code' in Object(reason));
}
