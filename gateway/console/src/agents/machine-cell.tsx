/** How a box itself is: what of it a person should see to, and a line of figures. */
import type { AgentStatus, MachineState } from '@roadwatch/contract';
import { useTexts } from '../shared/texts/language.ts';

/** From here on boards in a cabinet slow themselves down, as `doctor` has it, too. */
const HOT_CELSIUS = 80;
const LITTLE_BYTES = 512 * 2 ** 20;

export function MachineCell({ status }: { readonly status: Pick<AgentStatus, 'machine' | 'uplink'> | null }) {
  const { agents: texts } = useTexts();
  const { machine, uplink } = status ?? {};
  const rate = uplink?.bytesPerSecond ?? null;
  const { dayBytes, dayBudgetBytes } = uplink ?? {};
  const parts = [
    ...(machine === undefined ? [] : figuresOf(machine, texts)),
    ...(rate === null ? [] : [texts.lineRate(String(Math.round(rate / 1000)))]),
    ...(dayBytes === undefined || dayBudgetBytes === undefined
      ? []
      : [texts.lineDay((dayBytes / 1e6).toFixed(1), String(Math.round(dayBudgetBytes / 1e6)))]),
  ];
  return (
    <td>
      {machine === undefined ? null : <Marks machine={machine} />}
      {parts.length === 0 ? '–' : <small class="figures">{parts.join(' · ')}</small>}
    </td>
  );
}

function Marks({ machine }: { readonly machine: MachineState }) {
  const { agents: texts } = useTexts();
  const { temperatureCelsius = 0, throttled = false, disks } = machine;
  return (
    <>
      {temperatureCelsius >= HOT_CELSIUS ? <span class="mark bad">{texts.hot}</span> : null}
      {throttled ? <span class="mark warn">{texts.throttled}</span> : null}
      {disks.some(({ freeBytes }) => freeBytes < LITTLE_BYTES) ? (
        <span class="mark warn">{texts.diskLow}</span>
      ) : null}
    </>
  );
}

function figuresOf(
  { temperatureCelsius, busyShare, disks }: MachineState,
  texts: ReturnType<typeof useTexts>['agents'],
): readonly string[] {
  const free = Math.min(...disks.map(({ freeBytes }) => freeBytes));
  return [
    ...(temperatureCelsius === undefined ? [] : [`${Math.round(temperatureCelsius)} °C`]),
    ...(busyShare === undefined ? [] : [texts.busy(String(Math.round(busyShare * 100)))]),
    ...(disks.length === 0 ? [] : [texts.freeDisk((free / 1e9).toFixed(1))]),
  ];
}
