/**
 * What a child process may do at most. It parses what a camera sends, which may be anything: so it has no secret in its
 * environment, no memory or files without end, no way to more rights, and dies with the agent.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** 8K (7680 x 4320) and DCI 8K fit. */
export const MAX_PIXELS = 36_000_000;

/** ffmpeg's decoders of what cameras send, in software and on the devices that `hardware` knows. */
const CODECS = [
  ...['h264', 'hevc', 'mjpeg', 'mpeg4'],
  ...['v4l2m2m', 'qsv', 'cuvid', 'rkmpp'].flatMap((device) => [`h264_${device}`, `hevc_${device}`]),
];

/** Options of an input that holds what a camera has sent: through these protocols, with these decoders, of this size. */
export function foreignInput(protocols: readonly string[]): string[] {
  return [
    ...['-protocol_whitelist', protocols.join(',')],
    ...['-codec_whitelist', CODECS.join(','), '-max_pixels', String(MAX_PIXELS)],
  ];
}

export interface Limits {
  /** Bytes of the largest file that it may write. */
  readonly fileBytes?: number;
  /** Of a child that uses a graphics device the address space says nothing: drivers reserve what they never touch. */
  readonly device?: boolean;
  /** Whom it runs as, where this process is root's. */
  readonly user?: { readonly uid: number; readonly gid: number } | null;
}

/** Decoding 8K with 16 reference frames takes 0.85 GB. */
const DATA_BYTES = 2 ** 30;
const ADDRESS_BYTES = 3 * 2 ** 30;
const DESCRIPTORS = 64;

/** What ffmpeg and its drivers read, and nothing else: the agent's own environment may hold passwords. */
const PASSED_ON =
  /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|XDG_RUNTIME_DIR|LIBVA_\w+|CUDA_VISIBLE_DEVICES|NVIDIA_\w+|ONEVPL_\w+)$/;

function childEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(from).filter(([name]) => PASSED_ON.test(name)));
}

/** The command line that runs a program within limits; of util-linux what is there. */
function contained(program: string, limits: Limits, has: (tool: string) => boolean = isInstalled): string[] {
  const { fileBytes = 2 ** 30, device = false, user = null } = limits;
  return [
    ...(has('prlimit')
      ? [
          ...[
            'prlimit',
            '--core=0',
            `--nofile=${DESCRIPTORS}`,
            `--fsize=${fileBytes}`,
            `--data=${DATA_BYTES}`,
          ],
          ...(device ? [] : [`--as=${ADDRESS_BYTES}`]),
        ]
      : []),
    ...(has('setpriv')
      ? [
          ...['setpriv', '--no-new-privs', '--pdeathsig', 'KILL'],
          ...(user === null ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']),
        ]
      : []),
    program,
  ];
}

/** The tools without which a child runs with less of this; empty where all is well. */
export function missingTools(): readonly string[] {
  return ['prlimit', 'setpriv'].filter((tool) => !isInstalled(tool));
}

/**
 * A child in a process group of its own, so that what it starts ends with it. Throws where this process has no descriptor left for
 * it, of which Node makes a child without pipes that fails once more, later.
 */
export function spawnContained(
  program: string,
  args: readonly string[],
  limits: Limits,
  stdio: SpawnOptions['stdio'] & unknown[],
): ChildProcess {
  const [command = program, ...rest] = contained(program, limits);
  const child = spawn(command, [...rest, ...args], {
    ...{ stdio, detached: true, env: childEnvironment(process.env) },
  });
  if (child.stdio !== undefined) return child;
  child.once('error', () => {});
  throw new Error(`${program} cannot be run: EMFILE`);
}

/** The child and what it has started; does nothing where they have gone. */
export function killGroup({ pid }: Pick<ChildProcess, 'pid'>, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left.
  }
}

const found = new Map<string, boolean>();

function isInstalled(tool: string): boolean {
  const known = found.get(tool);
  if (known !== undefined) return known;
  const is = (process.env.PATH ?? '/usr/bin:/bin').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  found.set(tool, is);
  return is;
}
