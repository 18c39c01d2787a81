/** `fleet`: loads a gateway with simulated agents and prints what became of every message. */
import { readFile } from 'node:fs/promises';
import { Slug } from '@roadwatch/contract';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Value } from 'typebox/value';
import type { FleetLogin } from '../fleet/agent.ts';
import { EVIDENCE_CHOICES, type EvidenceChoice } from '../fleet/evidence.ts';
import { runFleet } from '../fleet/fleet.ts';
import type { FleetReport, Percentiles } from '../fleet/tally.ts';
import { credentials, number } from './options.ts';

interface FleetFlags {
  readonly url: string;
  readonly agents: number;
  readonly alertsPerSecond: number;
  readonly minutes: number;
  readonly site: string;
  readonly logins?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly evidence: EvidenceChoice;
  readonly connectsPerSecond: number;
  readonly cutAt?: number;
  readonly backlog: number;
  readonly drain: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function addFleetCommand(program: Command): void {
  program
    .command('fleet')
    .description(
      'load a gateway with simulated agents over MQTT; prints what was sent, answered, lost, doubled',
    )
    .option('--url <mqtt url>', 'broker', brokerUrl, 'mqtt://127.0.0.1:1883')
    .option('--agents <n>', 'agents, each a connection of its own', number(1, 20_000, true), 100)
    .option('--alerts-per-second <n>', 'of all agents together', number(0, 10_000), 1)
    .option('--minutes <n>', 'how long', number(0.01, 1440), 1)
    .option('--site <name>', 'site of the agents, named fleet-1, fleet-2, ...', slug, 'fleet')
    .option('--logins <file>', 'names and passwords: a line SITE/AGENT PASSWORD for each agent')
    .option('--user <name>', 'one login for all; the password from --password-file')
    .option('--password-file <file>', 'file with the password')
    .addOption(
      new Option('--evidence <what>', 'pictures and clips with each alert')
        .choices(EVIDENCE_CHOICES)
        .default('all'),
    )
    .option('--connects-per-second <n>', 'how fast they connect', number(1, 20_000), 500)
    .option('--cut-at <second>', 'cut every line at this second; all come back at once', number(0, 86_400))
    .option(
      '--backlog <n>',
      'alerts that each agent brings from before it connected',
      number(0, 1000, true),
      0,
    )
    .option('--drain <seconds>', 'wait for what is not answered at the end', number(0, 3600), 60)
    .option('--seed <n>', 'same seed, same times', number(0, 2 ** 30, true), 1)
    .option('--json', 'print one JSON object')
    .action(fleet);
}

async function fleet(flags: FleetFlags): Promise<void> {
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort(new Error('ended by SIGTERM')));
  process.once('SIGINT', () => ending.abort(new Error('ended by SIGINT')));
  const report = await runFleet(
    {
      url: flags.url,
      logins: await loginsOf(flags),
      alertsPerSecond: flags.alertsPerSecond,
      seconds: flags.minutes * 60,
      connectsPerSecond: flags.connectsPerSecond,
      backlog: flags.backlog,
      evidence: flags.evidence,
      drainSeconds: flags.drain,
      seed: flags.seed,
      ...(flags.cutAt !== undefined && { cutAtSecond: flags.cutAt }),
    },
    ending.signal,
  );
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : table(report));
  if (report.lost > 0) throw new Error(`${report.lost} messages were never answered`);
}

async function loginsOf({ agents, site, logins, user, passwordFile }: FleetFlags): Promise<FleetLogin[]> {
  if (logins !== undefined) return (await readLogins(logins, agents)).slice(0, agents);
  const login = await credentials(user, passwordFile);
  return Array.from({ length: agents }, (_, i) => ({
    site,
    agent: `fleet-${i + 1}`,
    ...(login && { username: login.user, password: login.password }),
  }));
}

async function readLogins(file: string, atLeast: number): Promise<FleetLogin[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Error(`--logins: ${error.message}`);
  });
  const logins = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const [, username = '', site, agent, password] = /^(([^/\s]+)\/([^/\s]+))\s+(\S+)\s*$/.exec(line) ?? [];
      if (!Value.Check(Slug, site) || !Value.Check(Slug, agent) || password === undefined) {
        throw new Error(`${file}: line ${i + 1}: expected SITE/AGENT PASSWORD`);
      }
      return { site, agent, username, password };
    });
  if (logins.length < atLeast) throw new Error(`${file}: ${logins.length} logins for ${atLeast} agents`);
  return logins;
}

function brokerUrl(text: string): string {
  if (URL.canParse(text) && /^(mqtts?|wss?):$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('Expected an address such as mqtt://127.0.0.1:1883.');
}

function slug(text: string): string {
  if (Value.Check(Slug, text)) return text;
  throw new InvalidArgumentError('Expected lower-case letters, digits and hyphens.');
}

function table(report: FleetReport): string {
  const ms = ({ p50, p95, p99, max }: Percentiles): string =>
    p50 === null ? '-' : `p50 ${p50}  p95 ${p95}  p99 ${p99}  max ${max}`;
  const rows: [string, string | number][] = [
    ['agents', report.agents],
    ['seconds', report.seconds],
    ['connections made', report.connections],
    ['alerts', report.alerts],
    ['alerts held back', report.alertsHeldBack],
    ['messages sent', report.messagesSent],
    ['messages repeated', report.messagesRepeated],
    ['MiB sent', report.mebibytesSent],
    ['acknowledged', report.acknowledged],
    ['refused', report.refused],
    ['lost', report.lost],
    ['doubled', report.doubled],
    ['ms to connect', ms(report.connectMs)],
    ['ms from alert to acknowledgement', ms(report.alertMs)],
    ...report.reasons.map((reason): [string, string] => ['refused because', reason]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}\n`).join('');
}
