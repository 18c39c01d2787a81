/**
 * Which way imports may point (`npm run check`). Rules stand in a block for each package; within one, rows of rooms from the
 * ground up: a room imports itself and rows below its own, never its neighbour, never upwards. Types count as imports.
 */

/** Tests, and the helpers of tests, may use whatever shows what they test. */
const NOT_TESTS = '\\.test\\.tsx?$|^([^/]+|gateway/console)/(testing|tests)/';

/** For each room of `rows` under `folder`: whatever stands in its own row or above it is out of its reach. */
function rowsOf(name, folder, rows) {
  const under = folder === '' ? '^' : `^${folder}/`;
  const anyOf = (rooms) => `${under}(${rooms.map((room) => room.replaceAll('.', '\\.')).join('|')})(/|$)`;
  return rows.flatMap((row, height) =>
    row.map((room) => ({
      name: `${name}-${room.replace(/\.ts$/, '')}`,
      comment: `${folder === '' ? '' : `${folder}/`}${room} imports only what stands below it: see docs/architecture.md`,
      severity: 'error',
      from: { path: anyOf([room]), pathNot: NOT_TESTS },
      to: { path: anyOf(rows.slice(height).flat()), pathNot: anyOf([room]) },
    })),
  );
}

/** A room that no row names would be under no rule. */
function onlyRooms(name, folder, rows) {
  const known = rows
    .flat()
    .map((room) => room.replaceAll('.', '\\.'))
    .join('|');
  return {
    name: `${name}-rooms`,
    comment: `say in .dependency-cruiser.cjs in which row of ${folder} the room stands`,
    severity: 'error',
    from: {},
    to: { path: `^${folder}/`, pathNot: [`^${folder}/(${known})(/|$)`, NOT_TESTS] },
  };
}

const everywhere = [
  {
    name: 'no-circles',
    comment: 'files that import each other can only be understood, tested and moved together',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
];

/** `scripts` has the demonstration, whose way to start a program the benches share, and draws the documents from the sources. */
const packages = [
  ...rowsOf('package', '', [
    ['common', 'contract'],
    ['models'],
    ['agent', 'gateway', 'simulator'],
    ['scripts'],
    ['evaluate'],
    ['bench'],
    ['tests'],
  ]),
  {
    name: 'package-console',
    comment: 'the console runs in a browser: of all packages it knows the contract only',
    severity: 'error',
    from: { path: '^gateway/console/', pathNot: NOT_TESTS },
    to: { path: '^[^/]+/', pathNot: '^(gateway/console|contract|node_modules)/' },
  },
];

const simulatorRows = [
  ['version.ts', 'media'],
  ['street', 'camera'],
  ['rtsp', 'scenario', 'fleet', 'onvif'],
  ['sources'],
  ['announce.ts', 'control.ts'],
  ['commands'],
  ['index.ts', 'commands'],
  ['cli.ts'],
];
const simulator = [
  ...rowsOf('simulator', 'simulator/src', simulatorRows),
  onlyRooms('simulator', 'simulator/src', simulatorRows),
];

/** `peers` measures the agent beside others, with what measures the agent alone. */
const benchRows = [
  ['chart.ts', 'machine.ts', 'process-tree.ts', 'report.ts', 'statistics.ts'],
  ['repeat.ts', 'readme.ts', 'agent', 'gateway', 'simulator'],
  ['peers', 'console'],
  ['cli.ts'],
];
const bench = [...rowsOf('bench', 'bench', benchRows), onlyRooms('bench', 'bench', benchRows)];

/** The steps of a frame do not know each other: they stand on one floor, and `pipeline` alone puts them in a row. */
const agentRows = [
  ['version.ts', 'language.ts', 'hang-up.ts', 'interruptible.ts', 'disk', 'frame'],
  ['identity', 'machine'],
  ['config', 'privacy'],
  ['ffmpeg', 'ring'],
  ['decode'],
  ['look'],
  ['detect', 'health', 'control'],
  ['camera', 'gate', 'track', 'evidence', 'care'],
  ['verify', 'live'],
  ['store'],
  ['uplink'],
  ['pipeline', 'updates'],
  ['commands', 'status', 'reload'],
  ['setup'],
  ['main.ts'],
  ['doctor'],
  ['support'],
  ['box-commands.ts'],
  ['index.ts', 'command.ts'],
  ['cli.ts'],
];
const agent = [...rowsOf('agent', 'agent/src', agentRows), onlyRooms('agent', 'agent/src', agentRows)];

/** The seven links of urban management (GB/T 30428) are in `workflow`, which alone knows all domains. */
const gatewayRows = [
  ['refusal.ts', 'language.ts', 'html.ts', 'version.ts', 'foreign', 'calendar', 'geo', 'jobs'],
  ['store'],
  ['pki'],
  ['config'],
  ['outbound', 'cameras', 'evidence', 'idempotency', 'identity', 'orders'],
  ['queue'],
  ['tickets', 'clocks', 'agents'],
  ['alerts', 'inspections', 'live', 'broker', 'map', 'settings', 'fleet'],
  ['ingest'],
  ['workflow'],
  ['crew', 'open311', 'dispatch', 'exports', 'archive', 'retention', 'proof', 'audit', 'wall'],
  ['figures', 'operations'],
  ['http'],
  ['main.ts'],
  ['commands'],
  ['cli.ts'],
];
const gateway = [
  ...rowsOf('gateway', 'gateway/src', gatewayRows),
  onlyRooms('gateway', 'gateway/src', gatewayRows),
];

/** Pages do not know each other: what several of them show stands below them. */
const consoleRows = [
  ['styles', 'shared'],
  ['outbox'],
  ['evidence', 'live', 'shell', 'map'],
  ['desk', 'verdicts', 'tickets', 'cameras', 'agents', 'figures', 'account', 'login', 'admin', 'wall'],
  ['admin-page.tsx'],
  ['app.tsx'],
  ['main.tsx'],
];
const operatorsConsole = [
  ...rowsOf('console', 'gateway/console/src', consoleRows),
  onlyRooms('console', 'gateway/console/src', consoleRows),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...everywhere, ...packages, ...agent, ...gateway, ...operatorsConsole, ...simulator, ...bench],
  options: {
    // TypeScript 7 has no interface for other programs yet, so SWC reads the files.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)(dist|node_modules)/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
