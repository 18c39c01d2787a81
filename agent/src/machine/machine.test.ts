import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AgentStatus } from '@roadwatch/contract';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temp.ts';
import { MachineWatch } from './machine-watch.ts';
import { clockShare, hottestCelsius } from './sysfs.ts';
import { Throttling } from './throttling.ts';

/** A folder with these files, as sysfs has them. */
async function sysfs(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }
  return root;
}

const zone = (nth: number, temp: string) => ({ [`class/thermal/thermal_zone${nth}/temp`]: temp });
const policy = (nth: number, now: string, highest: string) => ({
  [`devices/system/cpu/cpufreq/policy${nth}/scaling_cur_freq`]: now,
  [`devices/system/cpu/cpufreq/policy${nth}/cpuinfo_max_freq`]: highest,
});

test.each([
  ['its hottest zone', { ...zone(0, '45000'), ...zone(1, '61250'), ...zone(2, '0') }, 61.25],
  ['nothing of zones without a sensor', { ...zone(0, '-274000'), ...zone(1, '') }, null],
  ['nothing where there are none', { 'class/thermal/cooling_device0/type': 'fan' }, null],
])('a machine is as warm as %s says', async (_, files, expected) => {
  expect(hottestCelsius(await sysfs(files))).toBe(expected);
});

test.each([
  ['its fastest cores', { ...policy(0, '600000', '1800000'), ...policy(4, '1200000', '2400000') }, 0.5],
  ['no more than the highest', policy(0, '2500000', '2400000'), 1],
  ['nothing where a virtual machine has no clock', policy(0, '', ''), null],
])('a processor runs as fast as %s says', async (_, files, expected) => {
  expect(clockShare(await sysfs(files))).toBe(expected);
});

test('a processor that is busy and slow for a minute is throttled, and for a minute longer; one at rest is not', () => {
  const throttling = new Throttling();
  const look = (seconds: number, share: number, busy: number) =>
    throttling.look({ clockShare: share, busyShare: busy }, seconds * 1000);
  expect([look(0, 0.3, 0.1), look(100, 0.3, 0.1)]).toEqual([false, false]);
  expect([look(110, 0.5, 0.9), look(160, 0.5, 0.9), look(165, 1, 0.9)]).toEqual([false, false, false]);
  expect([look(170, 0.5, 0.9), look(229, 0.5, 0.9), look(230, 0.5, 0.9)]).toEqual([false, false, true]);
  expect([look(231, 1, 0.9), look(250, 0.5, 0.9), look(260, 1, 0.9)]).toEqual([true, true, true]);
  expect([look(319, 1, 0.9), look(320, 1, 0.9)]).toEqual([true, false]);
  expect(throttling.look({ clockShare: null, busyShare: 0.9 }, 400_000)).toBeNull();
});

test('what is told of a machine fits the wire, and leaves out what it does not tell', async () => {
  const folder = await temporaryFolder();
  let spent = { user: 0, nice: 0, sys: 0, irq: 0, idle: 0 };
  const times = () => [{ times: spent }, { times: { ...spent, user: 0, idle: spent.user + spent.idle } }];
  const folders = { data: folder, ring: join(folder, 'not/made/yet') };
  const root = await sysfs({ ...zone(0, '70040'), ...policy(0, '500000', '1000000') });
  const machine = new MachineWatch({ folders, root, times }, 0);
  expect(machine.now.busyShare).toBeUndefined();
  spent = { user: 60, nice: 0, sys: 20, irq: 0, idle: 20 };
  const now = machine.look(5_000);
  expect(now).toMatchObject({ temperatureCelsius: 70, throttled: false, clockShare: 0.5, busyShare: 0.5 });
  expect(now.disks.map(({ what }) => what)).toEqual(['data', 'ring']);

  const bare = new MachineWatch({ folders, root: join(folder, 'no-sysfs'), times }, 0).look(1);
  for (const state of [now, bare]) expect(Value.Check(AgentStatus.properties.machine, state)).toBe(true);
  expect(Object.keys(bare)).not.toContain('temperatureCelsius');
  expect(Value.Check(AgentStatus.properties.machine, { ...now, temperatureCelsius: 1e9 })).toBe(false);
});
