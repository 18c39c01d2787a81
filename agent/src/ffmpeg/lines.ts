/** Lines of a text stream, with a bound on their length: what is longer is cut. */
import type { Readable } from 'node:stream';

const MAX_LINE = 4_096;

export function forEachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n|\r/);
    rest = (lines.pop() as string).slice(0, MAX_LINE);
    for (const line of lines) if (line !== '') onLine(line.slice(0, MAX_LINE));
  });
}
