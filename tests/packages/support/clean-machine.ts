/**
 * A machine on which nobody has installed anything: Debian from its registry, booted with its own systemd in a container that has no
 * network but its own loopback. Needs root, debootstrap and systemd-nspawn.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SUITE = 'bookworm';
const REGISTRY = 'http://deb.debian.org/debian';
/** What a box has that somebody set up for cameras; curl is for the test. */
const INCLUDED = ['systemd', 'systemd-sysv', 'dbus', 'ffmpeg', 'curl'];

/** Null, or why there can be none here. */
export function noCleanMachine(): string | null {
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = ['debootstrap', 'systemd-nspawn', 'nsenter'].filter(
    (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0,
  );
  return missing.length === 0 ? null : `needs ${missing.join(', ')}`;
}

export class CleanMachine {
  readonly #root: string;
  readonly #container: ChildProcess;
  readonly #leader: number;

  /** `checkout` is seen by it at /checkout, and cannot be written there. */
  static async boot(folder: string, checkout: string): Promise<CleanMachine> {
    const root = join(folder, 'root');
    must('debootstrap', ['--variant=minbase', `--include=${INCLUDED.join(',')}`, SUITE, root, REGISTRY]);
    const container = spawn(
      'systemd-nspawn',
      [
        ...['--quiet', '--register=no', '--keep-unit', '--private-network', '--boot'],
        ...[`--directory=${root}`, `--machine=roadwatch-${process.pid}`, `--bind-ro=${checkout}:/checkout`],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const line of createInterface({ input: container.stdout })) {
      if (line.includes('Multi-User System')) break;
    }
    container.stdout.resume();
    const children = readFileSync(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8');
    return new CleanMachine(root, container, Number(children.trim().split(' ')[0]));
  }

  private constructor(root: string, container: ChildProcess, leader: number) {
    this.#root = root;
    this.#container = container;
    this.#leader = leader;
  }

  /** Copies a file of this machine to the other one's /root. */
  bring(file: string, name: string): void {
    mkdirSync(join(this.#root, 'root'), { recursive: true });
    cpSync(file, join(this.#root, 'root', name));
  }

  /** What a shell there prints; throws with that when it fails. */
  async run(script: string): Promise<string> {
    const { code, text } = await this.#sh(script, () => false);
    if (code !== 0) throw new Error(`${script}\n${text}`);
    return text.trim();
  }

  /** Resolves with the first line that the shell there prints and that fits; what prints it is ended. */
  async line(script: string, fits: RegExp): Promise<string> {
    const { text } = await this.#sh(script, (line) => fits.test(line));
    const last = text.trim().split('\n').at(-1) ?? '';
    if (!fits.test(last)) throw new Error(`${script} ended without ${fits}:\n${text}`);
    return last;
  }

  async end(): Promise<void> {
    const ended = once(this.#container, 'exit');
    // Its init ends everything in it.
    this.#container.kill('SIGKILL');
    await ended;
    rmSync(this.#root, { recursive: true, force: true });
  }

  async #sh(
    script: string,
    isEnough: (line: string) => boolean,
  ): Promise<{ code: number | null; text: string }> {
    const inside = ['--mount', '--uts', '--ipc', '--net', '--pid', '--target', String(this.#leader)];
    const env = { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8' };
    const child = spawn('nsenter', [...inside, 'sh', '-c', `cd; exec 2>&1; ${script}`], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    const exited = once(child, 'exit') as Promise<[number | null]>;
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (!isEnough(line)) continue;
      child.kill('SIGKILL');
      break;
    }
    const [code] = await exited;
    return { code, text: lines.join('\n') };
  }
}

function must(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}${stdout.slice(-2000)}`);
}
