// Makes a fresh machine ready: the npm packages (the pinned Node runtime among them), and the system packages that a
// command needs. Runs on whatever Node the machine has, before anything is installed, so it uses nothing but Node.
//
//   node scripts/setup.mjs [ffmpeg] [mosquitto] [nginx] [caddy] [btrfs] [chromium] [gstreamer] [gst-rtsp-server] [gst-python] [postgresql] [prometheus] [systemd] [debootstrap] [python] [schemathesis]
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Python itself and what makes environments; `installPythonPackages` then makes one. */
const PYTHON = {
  has: () => onPath('python3') && spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0,
  packages: ['python3', 'python3-venv'],
};

/** What proves that a system package is there, and which Debian packages bring it. */
const SYSTEM = {
  ffmpeg: { has: () => onPath('ffmpeg') && onPath('ffprobe'), packages: ['ffmpeg'] },
  // With its clients, and with what makes and reads the certificates of the tests.
  mosquitto: {
    has: () => onPath('mosquitto', ['/usr/sbin']) && onPath('mosquitto_pub') && onPath('openssl'),
    packages: ['mosquitto', 'mosquitto-clients', 'openssl'],
  },
  nginx: { has: () => onPath('nginx', ['/usr/sbin']), packages: ['nginx-light'] },
  caddy: { has: () => onPath('caddy'), packages: ['caddy'] },
  // Makes the small disk with a quota on which a test runs.
  btrfs: { has: () => onPath('mkfs.btrfs', ['/usr/sbin']), packages: ['btrfs-progs'] },
  chromium: {
    has: () => onPath('chromium'),
    packages: ['chromium', 'fonts-noto-cjk'],
  },
  gstreamer: {
    has: () => onPath('gst-launch-1.0') && existsLib('gstreamer-1.0/libgstlibav.so'),
    packages: [
      'gstreamer1.0-tools',
      'gstreamer1.0-plugins-base',
      'gstreamer1.0-plugins-good',
      'gstreamer1.0-plugins-bad',
      'gstreamer1.0-libav',
    ],
  },
  // Debian's own Python: the bindings are packaged for no other. The ugly plugins bring its encoder, x264.
  'gst-rtsp-server': {
    has: () =>
      existsSync('/usr/bin/python3') &&
      existsSync('/usr/lib/python3/dist-packages/gi') &&
      existsLib('girepository-1.0/GstRtspServer-1.0.typelib') &&
      existsLib('gstreamer-1.0/libgstx264.so'),
    packages: ['python3-gi', 'gir1.2-gst-rtsp-server-1.0', 'gstreamer1.0-plugins-ugly'],
  },
  // The bindings alone, for the bench beside GStreamer in Python.
  'gst-python': {
    has: () =>
      existsSync('/usr/bin/python3') &&
      existsSync('/usr/lib/python3/dist-packages/gi') &&
      existsLib('girepository-1.0/Gst-1.0.typelib') &&
      spawnSync('/usr/bin/python3', ['-c', 'import venv, ensurepip']).status === 0,
    packages: ['python3-gi', 'gir1.2-gstreamer-1.0', 'python3-venv'],
  },
  postgresql: {
    has: () => existsSync('/usr/lib/postgresql') && readdirSync('/usr/lib/postgresql').length > 0,
    packages: ['postgresql'],
  },
  // For promtool, which reads metrics as Prometheus does.
  prometheus: { has: () => onPath('promtool'), packages: ['prometheus'] },
  // To be told by programs how they are, and to say what a unit gives away.
  systemd: { has: () => onPath('systemd-notify') && onPath('systemd-analyze'), packages: ['systemd'] },
  // Makes the clean machine on which packages are installed, and boots it.
  debootstrap: {
    has: () => onPath('debootstrap', ['/usr/sbin']) && onPath('systemd-nspawn'),
    packages: ['debootstrap', 'systemd-container'],
  },
  python: PYTHON,
  schemathesis: PYTHON,
};
/** Environments for Python, by the name of the system package that they need. */
const ENVIRONMENTS = {
  // Clients that other people wrote, which some tests run.
  python: { folder: join(root, 'tests', 'interop'), interpreter: 'python3' },
  // An independent program that holds the gateway's answers against their description.
  schemathesis: { folder: join(root, 'tests', 'interop', 'schemathesis'), interpreter: 'python3' },
  // What the agent is measured beside. GStreamer's bindings are the system's, and are packaged for its own Python only.
  'gst-python': {
    folder: join(root, 'bench', 'peers'),
    interpreter: '/usr/bin/python3',
    options: ['--system-site-packages'],
  },
};

installNodePackages();
installSystemPackages(process.argv.slice(2));
if (process.argv.includes('python') && !installPythonPackages(ENVIRONMENTS.python))
  say('Python packages cannot be installed; the tests with clients in Python are left out');
if (process.argv.includes('schemathesis') && !installPythonPackages(ENVIRONMENTS.schemathesis))
  say('Schemathesis cannot be installed; the tests with it are left out');
if (process.argv.includes('gst-python') && !installPythonPackages(ENVIRONMENTS['gst-python']))
  fail('Python packages cannot be installed, and without them `npm run bench -- peers` cannot run');

function installNodePackages() {
  linkWorkspaces();
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  const missing = [...wanted].filter(
    ([path, entry]) => !entry.optional && installed.get(path)?.version !== entry.version,
  );
  if (missing.length === 0 && existsSync(join(root, 'node_modules', '.bin', 'node'))) return;
  say(`installing npm packages (${missing.length} missing or outdated)`);
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    // The CPU library is in the package; the install script would fetch CUDA files.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  });
}

/** A workspace that is new here needs no more than its link, which is put where packages have been installed already. */
function linkWorkspaces() {
  if (!existsSync(join(root, 'node_modules'))) return;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, { link, resolved }] of Object.entries(packages)) {
    const at = join(root, path);
    if (!link || existsSync(at)) continue;
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(relative(dirname(at), join(root, resolved)), at, 'dir');
  }
}

function packagesIn(file) {
  if (!existsSync(file)) return new Map();
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(
    Object.entries(packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link),
  );
}

function installSystemPackages(names) {
  const unknown = names.filter((name) => !(name in SYSTEM));
  if (unknown.length > 0)
    fail(`unknown system package ${unknown.join(', ')}; known: ${Object.keys(SYSTEM).join(', ')}`);
  const packages = names.filter((name) => !SYSTEM[name].has()).flatMap((name) => SYSTEM[name].packages);
  if (packages.length === 0) return;
  const asRoot =
    process.getuid?.() === 0
      ? []
      : onPath('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0
        ? ['sudo', '-n']
        : null;
  const byHand = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!onPath('apt-get') || asRoot === null) fail(`these programs are missing; run: ${byHand}`);
  say(`installing system packages: ${packages.join(' ')}`);
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args];
    const { status, stderr } = spawnSync(command, rest, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0)
      fail(`apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}; run by hand: ${byHand}`);
  };
  apt('update', '-q');
  // A server package must not leave its own service running: the tests start their own.
  apt('install', '-y', '-q', '--no-install-recommends', ...packages);
}

/** Into an environment of its own. Returns whether it is complete. */
function installPythonPackages({ folder, interpreter, options = [] }) {
  const environment = join(folder, '.venv');
  const requirements = join(folder, 'requirements.txt');
  const wanted = readFileSync(requirements, 'utf8');
  const mark = join(environment, 'installed.txt');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return true;
  say(`installing Python packages (${requirements})`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  const done = [
    [interpreter, ['-m', 'venv', '--clear', ...options, environment]],
    [join(environment, 'bin', 'python'), pip],
  ].every(
    ([command, args]) =>
      spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 }).status === 0,
  );
  if (done) writeFileSync(mark, wanted);
  else rmSync(environment, { recursive: true, force: true });
  return done;
}

function onPath(command, extra = []) {
  return [...(process.env.PATH ?? '').split(':'), ...extra].some(
    (folder) => folder !== '' && existsSync(join(folder, command)),
  );
}

function existsLib(name) {
  if (!existsSync('/usr/lib')) return false;
  return readdirSync('/usr/lib').some((folder) => existsSync(join('/usr/lib', folder, name)));
}

function run(command, args, env) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
