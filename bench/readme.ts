/** The README's table of figures, filled from what the benches have written: nobody copies a number by hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const BEGIN = '<!-- figures: npm run bench -- --readme -->';
const END = '<!-- end of figures -->';

interface Result {
  readonly machine?: { readonly cpu: string; readonly cores: number; readonly loadBefore: number };
  readonly repetitions?: readonly { readonly loadBefore: number; readonly loadAfter: number }[];
  readonly spread?: object;
}
type Results = (name: string) => Result | null;

/** The text with its block of figures written anew. Throws when there is no block. */
export function withFigures(text: string, folder: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`README.md: has no block from ${BEGIN} to ${END}`);
  return `${text.slice(0, from)}${BEGIN}\n${block(folder)}\n${text.slice(to)}`;
}

function block(folder: string): string {
  const results: Results = (name) => {
    const file = join(folder, `${name}.json`);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : null;
  };
  const say = (bench: string, path: string, digits?: number): string =>
    figure(results(bench), path, digits) ?? 'not measured';
  const rows = [
    ['', '', 'beside it, in the same run', 'runs, load of the machine'],
    ['---', '---', '---', '---'],
    [
      '1080p25 cameras held on the two cores, every pothole verified',
      say('cameras', 'held'),
      `with sub-streams for the model ${say('cameras', 'heldSubStream')}`,
      'cameras',
    ],
    [
      'CPU of one camera, in cores, on a quiet road',
      say('peers', 'roadwatch.cpuPerCameraSecond', 3),
      `Python with OpenCV ${say('peers', 'opencv.cpuPerCameraSecond', 3)}; Node with JPEG frames ${say('peers', 'naiveNode.cpuPerCameraSecond', 3)}; GStreamer ${say('peers', 'gstreamer.cpuPerCameraSecond', 3)}`,
      'peers',
    ],
    [
      'the same where each runs the model once in 5 s',
      say('peers', 'equal.everyFiveSeconds.roadwatch.cpuPerCameraSecond', 3),
      `Python with OpenCV ${say('peers', 'equal.everyFiveSeconds.opencv.cpuPerCameraSecond', 3)}; Node ${say('peers', 'equal.everyFiveSeconds.naiveNode.cpuPerCameraSecond', 3)}; GStreamer ${say('peers', 'equal.everyFiveSeconds.gstreamer.cpuPerCameraSecond', 3)}`,
      'peers',
    ],
    [
      'the same with a sub-stream for the model',
      say('peers', 'roadwatchSubStream.cpuPerCameraSecond', 4),
      `a recorder: sub-stream decoded at 5/s, motion, then the model ${say('peers', 'recorder.cpuPerCameraSecond', 3)}`,
      'peers',
    ],
    [
      'the same, alone',
      say('hotpath', 'cpuPerCameraSecond', 3),
      `decoding its keyframes alone ${say('hotpath', 'floorPerCameraSecond', 3)}`,
      'hotpath',
    ],
    [
      'capture of a frame to the MQTT message, p50 / p99, in ms',
      `${say('latency', 'captureToMqttP50Ms')} / ${say('latency', 'captureToMqttP99Ms')}`,
      '',
      'latency',
    ],
    ['damage in view to verified, p50, in s', say('latency', 'visibleToVerifiedS', 1), '', 'latency'],
    [
      `memory of the agent with four cameras after ${say('memory', 'minutes')} minutes, in MiB`,
      `${say('memory', 'memory.0.endMiB', 0)}, growing by ${say('memory', 'memory.0.slopeMiBPerHour', 0)} an hour`,
      `with its ffmpegs ${say('memory', 'memory.1.endMiB', 0)}`,
      'memory',
    ],
    [
      'a restart: until the last of eight cameras was looked at, in s',
      say('restart', 'restart.2.p50S', 1),
      '',
      'restart',
    ],
    [
      'durable detections a second, SQLite / PostgreSQL',
      `${say('gateway', 'sqlite.ingestPerSecond')} / ${say('gateway', 'postgres.ingestPerSecond')}`,
      `the broker alone ${say('gateway', 'sqlite.brokerCeiling')}`,
      'gateway',
    ],
    [
      'a clock fires late while 100,000 old pictures are deleted, p99, in ms, SQLite / PostgreSQL',
      `${say('purge', 'sqlite.clockLateP99Ms')} / ${say('purge', 'postgres.clockLateP99Ms')}`,
      `with nothing else to do ${say('purge', 'sqlite.quietLateP99Ms')} / ${say('purge', 'postgres.quietLateP99Ms')}`,
      'purge',
    ],
    ['64 simulated cameras of 1080p25, in cores', say('simulator', 'cameras.cores', 2), '', 'simulator'],
  ];
  return rows
    .map((cells) => [...cells.slice(0, -1), conditions(results, cells.at(-1) as string)])
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** How often it was run, and how busy the machine was with other things. */
function conditions(results: Results, cell: string): string {
  if (cell.includes(' ') || cell === '---') return cell;
  const result = results(cell);
  if (result === null) return '';
  const loads = result.repetitions?.map(({ loadBefore }) => loadBefore) ?? [result.machine?.loadBefore ?? 0];
  const [least, greatest] = [Math.min(...loads), Math.max(...loads)];
  return `${loads.length}, ${least === greatest ? least : `${least} to ${greatest}`}`;
}

/** A number, or the least and the greatest of the runs; null when the file does not have it. */
function figure(result: Result | null, path: string, digits?: number): string | null {
  const print = (value: number): string => (digits === undefined ? String(value) : value.toFixed(digits));
  const spread = at(result?.spread, path);
  const value = at(result, path);
  if (typeof value !== 'number') return null;
  if (!Array.isArray(spread)) return print(value);
  const [least, greatest] = (spread as number[]).map(print);
  return least === greatest ? `${least}` : `${least} to ${greatest}`;
}

function at(tree: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((part: unknown, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], tree);
}
