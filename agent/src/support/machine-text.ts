/** How the box itself is, and its line, in words. */
import type { RunningAgent } from '../doctor/running-agent.ts';
import type { Language, Words } from '../language.ts';

const KEPT: Readonly<Record<string, Words>> = {
  data: { en: 'for data', zh: '数据盘' },
  ring: { en: 'for video', zh: '录像盘' },
};

/** A line for the machine and one for what it is connected by; of what is not known, nothing. */
export function machineText(
  { machine, uplink }: Pick<RunningAgent, 'machine' | 'uplink'>,
  language: Language,
): readonly string[] {
  const between = { en: ', ', zh: '，' }[language];
  const lines: string[] = [];
  if (machine !== undefined)
    lines.push(
      machineParts(machine)
        .map((words) => words[language])
        .join(between),
    );
  if (uplink !== undefined) lines.push(uplinkWords(uplink)[language]);
  return lines;
}

function machineParts(machine: NonNullable<RunningAgent['machine']>): readonly Words[] {
  const { temperatureCelsius: celsius, throttled, clockShare, busyShare, load, processors, disks } = machine;
  const clock = clockShare === undefined ? '' : ` (${percent(clockShare)}%)`;
  return [
    ...(celsius === undefined ? [] : [{ en: `${celsius} °C`, zh: `${celsius} °C` }]),
    ...(throttled === true
      ? [{ en: `the processor is THROTTLED${clock}`, zh: `处理器已降频${clock.trim()}` }]
      : []),
    ...(busyShare === undefined
      ? []
      : [
          {
            en: `${percent(busyShare)}% of ${processors} processor(s) busy`,
            zh: `${processors} 个处理器占用 ${percent(busyShare)}%`,
          },
        ]),
    { en: `load ${load}`, zh: `负载 ${load}` },
    ...disks.map(({ what, freeBytes, totalBytes }) => {
      const [free, total] = [gigabytes(freeBytes), gigabytes(totalBytes)];
      const kept = (Object.hasOwn(KEPT, what) ? KEPT[what] : undefined) ?? { en: what, zh: what };
      return {
        en: `${free} of ${total} GB free ${kept.en}`,
        zh: `${kept.zh}可用 ${free} / ${total} GB`,
      };
    }),
  ];
}

function uplinkWords(uplink: NonNullable<RunningAgent['uplink']>): Words {
  const [line, day] = [lineWords(uplink), dayWords(uplink)];
  return { en: `${line.en}${day.en}`, zh: `${line.zh}${day.zh}` };
}

/** Nothing of an agent that does not count the day. */
function dayWords({ dayBytes, dayBudgetBytes }: NonNullable<RunningAgent['uplink']>): Words {
  if (dayBytes === undefined) return { en: '', zh: '' };
  const sent = (dayBytes / 1e6).toFixed(1);
  if (dayBudgetBytes === undefined) return { en: `, ${sent} MB sent today`, zh: `，今日已发 ${sent} MB` };
  const budget = (dayBudgetBytes / 1e6).toFixed(0);
  return { en: `, ${sent} of ${budget} MB sent today`, zh: `，今日已发 ${sent} / ${budget} MB` };
}

function lineWords({ bytesPerSecond, waitingBytes }: NonNullable<RunningAgent['uplink']>): Words {
  const waiting = (waitingBytes / 1e6).toFixed(1);
  if (bytesPerSecond === null)
    return { en: `line not measured yet, ${waiting} MB wait`, zh: `线路尚未测速，待发 ${waiting} MB` };
  const rate = Math.round(bytesPerSecond / 1000);
  return {
    en: `the line carries about ${rate} kB/s, ${waiting} MB wait`,
    zh: `线路约 ${rate} kB/s，待发 ${waiting} MB`,
  };
}

function percent(share: number): number {
  return Math.round(share * 100);
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
