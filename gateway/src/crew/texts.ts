/** What the crew's page says. */
import type { TicketState } from '../store/tables.ts';
import type { CrewStep } from './report.ts';

export type Language = 'en' | 'zh';

export interface CrewTexts {
  readonly title: string;
  readonly over: string;
  readonly respondBy: string;
  readonly place: string;
  readonly navigate: string;
  readonly note: string;
  readonly photo: string;
  readonly photoNeeded: string;
  readonly photoBad: string;
  readonly changed: string;
  readonly refused: string;
  readonly reason: string;
  readonly notOurs: string;
  readonly done: string;
  readonly other: string;
  readonly steps: Readonly<Record<CrewStep, string>>;
  readonly states: Readonly<Record<TicketState, string>>;
}

export const CREW_TEXTS: Readonly<Record<Language, CrewTexts>> = {
  en: {
    title: 'Road damage',
    over: 'This link is not valid, or the order is over. Ask your dispatcher for a new one.',
    respondBy: 'Respond by',
    place: 'Place',
    navigate: 'Show on the map',
    note: 'Note',
    photo: 'Photographs (at most 4)',
    photoNeeded: 'This step needs a photograph.',
    photoBad: 'A photograph cannot be used: send JPEG, PNG or WebP, at most 20 MB each and 4 at once.',
    changed: 'The order has changed meanwhile. This is how it stands now.',
    refused: 'That could not be taken.',
    reason: 'Why is it not yours?',
    notOurs: 'Not ours',
    done: 'Thank you. The repair is being checked.',
    other: '中文',
    steps: {
      accept: 'Accept',
      arrive: 'We are on site',
      make_safe: 'Made safe',
      repair: 'Repaired',
      return: 'Return the order',
    },
    states: {
      filed: 'Being sent',
      dispatched: 'Sent to you',
      returned: 'Returned',
      accepted: 'Accepted',
      on_site: 'On site',
      made_safe: 'Made safe',
      repaired: 'Repair reported',
      inspecting: 'Being checked',
      rework: 'To be done again',
      suspended: 'Suspended',
      cancelled: 'Cancelled',
      closed: 'Closed',
    },
  },
  zh: {
    title: '道路病害',
    over: '链接无效，或任务已结束。请向派遣员索取新的链接。',
    respondBy: '响应时限',
    place: '地点',
    navigate: '在地图中查看',
    note: '备注',
    photo: '照片（最多4张）',
    photoNeeded: '此步骤需要照片。',
    photoBad: '照片无法使用：请发送JPEG、PNG或WebP，每张不超过20MB，最多4张。',
    changed: '任务状态已变化，以下为当前状态。',
    refused: '提交未成功。',
    reason: '为何不属于本单位？',
    notOurs: '非本单位职责',
    done: '谢谢。修复情况正在核查。',
    other: 'English',
    steps: {
      accept: '接受任务',
      arrive: '已到现场',
      make_safe: '已做防护',
      repair: '已修复',
      return: '回退任务',
    },
    states: {
      filed: '派遣中',
      dispatched: '已派遣',
      returned: '已回退',
      accepted: '已受理',
      on_site: '已到场',
      made_safe: '已围护',
      repaired: '已反馈',
      inspecting: '核查中',
      rework: '返工',
      suspended: '挂账',
      cancelled: '已取消',
      closed: '已结案',
    },
  },
};

/** RFC 9110 12.5.4, as far as it decides between two languages. */
export function languageOf(asked: string | undefined, acceptLanguage: string | undefined): Language {
  if (asked === 'en' || asked === 'zh') return asked;
  const first = (acceptLanguage ?? '').split(',').find((tag) => /^\s*(en|zh)\b/i.test(tag));
  return first?.trim().toLowerCase().startsWith('en') ? 'en' : 'zh';
}
