/** What is wrong with metrics in the text format, by the rules of Prometheus for names (prometheus.io/docs/practices/naming). */

const UNIT = /_(milliseconds|microseconds|minutes|hours|kilobytes|megabytes|percent)(_|$)/;

export function metricProblems(text: string): string[] {
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const problems: string[] = [];
  for (const line of text.split('\n').filter((entry) => entry !== '')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (word === 'HELP') helped.add(name);
    else if (word === 'TYPE') types.set(name, rest);
    else if (!/^[a-zA-Z_:][\w:]*(\{.*\})? (NaN|[+-]?(Inf|[\d.e+-]+))$/.test(line))
      problems.push(`not a sample: ${line}`);
  }
  for (const [name, type] of types) {
    if (!helped.has(name)) problems.push(`${name}: says nothing of itself`);
    if (type === 'counter' && !name.endsWith('_total')) problems.push(`${name}: a counter without _total`);
    if (type !== 'counter' && name.endsWith('_total')) problems.push(`${name}: _total, but a ${type}`);
    if (UNIT.test(name)) problems.push(`${name}: not in a base unit`);
  }
  return problems;
}
