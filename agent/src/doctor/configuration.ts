/** The configuration that counts on the box: what its file says, with what the gateway has set laid over it, as the agent starts with it. */
import type { BoxProblem } from '@roadwatch/contract';
import type { ResolvedConfig } from '../config/config.ts';
import { layOver } from '../config/laid-over.ts';
import { BoxSettingsFile } from '../store/box-settings.ts';
import { type Finding, ok, warn } from './finding.ts';

const ID = 'settings';

/** `findings` is empty where the gateway has set nothing. */
export function countingConfig(own: ResolvedConfig): {
  readonly config: ResolvedConfig;
  readonly findings: readonly Finding[];
} {
  const file = new BoxSettingsFile(own.dataDir);
  const { counts, trial } = file.now;
  if (file.damaged)
    return {
      config: own,
      findings: [
        warn(
          ID,
          {
            en: 'what the gateway has set of this box cannot be read: the file alone is looked at',
            zh: '无法读取网关下发的设备配置，仅按配置文件检查',
          },
          {
            en: 'run doctor as the user of the agent; the gateway sends it again to a box that has lost it',
            zh: '以程序所用的用户运行 doctor；若已丢失，网关会重新下发',
          },
        ),
      ],
    };
  const onTrial = trial === null ? [] : [trialFinding(trial)];
  if (counts === null) return { config: own, findings: onTrial };
  const { config, problems } = layOver(own, counts.values);
  const known = new Set(own.cameras.map(({ id }) => id));
  const added = config.cameras.filter(({ id }) => !known.has(id)).length;
  return {
    config,
    findings: [
      ok(
        ID,
        `set by the gateway over the file (${counts.id}): ${added} more camera(s)`,
        `网关下发的设备配置（${counts.id}）：另有 ${added} 台摄像机`,
      ),
      ...problems.map(unfit),
      ...onTrial,
    ],
  };
}

function unfit({ path, en, zh }: BoxProblem): Finding {
  return warn(
    ID,
    { en: `set by the gateway, and does not count: ${path}: ${en}`, zh: `网关下发但未生效：${path}：${zh}` },
    {
      en: "mend it on the box's page of the console, or in the file",
      zh: '在控制台该设备页面或配置文件中更正',
    },
  );
}

function trialFinding(id: string): Finding {
  return warn(
    ID,
    {
      en: `other settings of the gateway are on trial (${id}): what counts without them is looked at`,
      zh: `网关的另一份设备配置正在试运行（${id}），仅按此前生效的配置检查`,
    },
    { en: 'run doctor again in two minutes', zh: '两分钟后重新运行 doctor' },
  );
}
