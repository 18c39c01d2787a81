/** The box itself: room and speed of its disk, how warm it is, and what its network carries. */
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedConfig } from '../config/config.ts';
import { nearestFolder } from '../disk/make-folder.ts';
import { causeInChinese } from '../language.ts';
import { hottestCelsius, sysfsEntries, sysfsText } from '../machine/sysfs.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const LITTLE_BYTES = 512 * 2 ** 20;
const TRIED_BYTES = 8 * 2 ** 20;
const SLOW_MB_S = 5;
const WARM = 80;
const HOT = 95;
const SLOW_MBIT_S = 100;

export function checkDisk({ dataDir }: Pick<ResolvedConfig, 'dataDir'>): Finding {
  const folder = nearestFolder(dataDir);
  let tried: string | null = null;
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    tried = mkdtempSync(join(folder, '.roadwatch-doctor-'));
    const startedAt = performance.now();
    writeFileSync(join(tried, 'speed'), Buffer.alloc(TRIED_BYTES), { flush: true });
    const speed = TRIED_BYTES / 1e6 / ((performance.now() - startedAt) / 1000);
    const [room, rate] = [(free / 1e9).toFixed(1), speed.toFixed(0)];
    const said = {
      en: `${folder}: ${room} GB free, ${rate} MB/s`,
      zh: `${folder}：可用 ${room} GB，写入 ${rate} MB/s`,
    };
    if (free < LITTLE_BYTES)
      return warn('disk', said, {
        en: 'make room, or lower outbox.maxMegabytes',
        zh: '清理磁盘，或减小 outbox.maxMegabytes',
      });
    if (speed < SLOW_MB_S)
      return warn('disk', said, {
        en: 'put ring.dir into memory (/dev/shm/roadwatch)',
        zh: '将 ring.dir 设在内存（/dev/shm/roadwatch）',
      });
    return ok('disk', said.en, said.zh);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(
      'disk',
      {
        en: `${folder} cannot be written (${code})`,
        zh: `${folder} 无法写入（${causeInChinese(String(code))}）`,
      },
      { en: 'see to its rights, and to the disk', zh: '检查目录权限和磁盘' },
    );
  } finally {
    if (tried !== null) rmSync(tried, { recursive: true, force: true });
  }
}

export function checkTemperature(): Finding {
  const celsius = hottestCelsius();
  if (celsius === null)
    return ok('temperature', 'this machine does not tell its temperature', '本机不提供温度');
  const hottest = Math.round(celsius);
  const said = { en: `${hottest} °C`, zh: `${hottest} °C` };
  const mend = { en: 'see to shade, dust and the fan of the cabinet', zh: '检查机柜遮阳、积尘和风扇' };
  if (hottest >= HOT) return fail('temperature', said, mend);
  return hottest >= WARM ? warn('temperature', said, mend) : ok('temperature', said.en, said.zh);
}

/** `root`: of sysfs. */
export function checkLink(root = '/sys/class/net'): Finding[] {
  return sysfsEntries(root).flatMap((name): Finding[] => {
    if (name === 'lo' || !existsSync(join(root, name, 'device'))) return [];
    if (sysfsText(join(root, name, 'operstate')) !== 'up') return [];
    // -1, or an error, where the driver does not know.
    const speed = Number(sysfsText(join(root, name, 'speed')) || Number.NaN);
    if (!(speed > 0)) return [ok('link', `${name} is up`, `${name} 已连接`)];
    if (speed >= SLOW_MBIT_S) return [ok('link', `${name}: ${speed} Mbit/s`, `${name}：${speed} Mbit/s`)];
    return [
      warn(
        'link',
        { en: `${name}: ${speed} Mbit/s only`, zh: `${name}：仅 ${speed} Mbit/s` },
        { en: 'see to the cable and the port of the switch', zh: '检查网线和交换机端口' },
      ),
    ];
  });
}
