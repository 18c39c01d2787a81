/** What a report has come to, for the one who sent it in. */
import type { RejectReason } from '@roadwatch/contract/api';
import type { Language } from '../language.ts';

interface ReportTexts {
  readonly notice: string;
  readonly received: string;
  readonly rejected: Readonly<Record<RejectReason, string>>;
}

export const REPORT_TEXTS: Readonly<Record<Language, ReportTexts>> = {
  en: {
    notice: 'An operator looks at the report before a unit is sent.',
    received: 'Received, waiting to be looked at',
    rejected: {
      no_damage: 'Closed: no damage was found',
      repaired_already: 'Closed: it has been repaired already',
      manhole_or_patch: 'Closed: it is a manhole cover or an earlier repair',
      shadow_or_water: 'Closed: it is a shadow or water',
      object_on_road: 'Closed: it is an object on the road',
      marking: 'Closed: it is a marking',
      too_small: 'Closed: it is too small to be repaired now',
      other: 'Closed without a repair',
    },
  },
  zh: {
    notice: '值班员核实后派遣责任单位处理。',
    received: '已受理，待核实',
    rejected: {
      no_damage: '已办结：未发现病害',
      repaired_already: '已办结：此前已修复',
      manhole_or_patch: '已办结：为井盖或旧补丁',
      shadow_or_water: '已办结：为阴影或积水',
      object_on_road: '已办结：为路面物体',
      marking: '已办结：为道路标线',
      too_small: '已办结：病害轻微，暂不处置',
      other: '已办结：不予处置',
    },
  },
};
