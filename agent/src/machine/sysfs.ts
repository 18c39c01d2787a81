/** What Linux tells of the machine in /sys: of what a machine does not have, nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of the hottest of its thermal zones; null: it does not tell. `root`: of sysfs. */
export function hottestCelsius(root = '/sys'): number | null {
  const folder = join(root, 'class/thermal');
  const degrees = sysfsEntries(folder)
    .filter((name) => name.startsWith('thermal_zone'))
    .map((name) => Number(sysfsText(join(folder, name, 'temp'))) / 1000)
    // Zones without a sensor say zero, or what no machine outlives.
    .filter((value) => value > 0 && value < 200);
  return degrees.length === 0 ? null : Math.max(...degrees);
}

/**
 * How fast the processor runs, as a share of its highest clock (cpufreq): of its fastest cores, for idle ones may rest. Null: it does not
 * tell.
 */
export function clockShare(root = '/sys'): number | null {
  const folder = join(root, 'devices/system/cpu/cpufreq');
  const shares = sysfsEntries(folder)
    .filter((name) => name.startsWith('policy'))
    .map((name) => {
      const [now, highest] = ['scaling_cur_freq', 'cpuinfo_max_freq'].map((file) =>
        Number(sysfsText(join(folder, name, file)) || Number.NaN),
      ) as [number, number];
      return now / highest;
    })
    .filter((share) => share > 0 && Number.isFinite(share));
  // Turbo goes beyond what some drivers call the highest.
  return shares.length === 0 ? null : Math.min(1, Math.max(...shares));
}

export function sysfsEntries(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Empty where there is none. */
export function sysfsText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
