/**
 * What each figure of the bureau is called and how it is counted, as it stands beside the figures on screen, in the table and in the
 * monthly report. The program's own side of every sentence is `gateway/src/figures/definitions.ts`.
 */
import type { FigureName } from '../api/vocabulary.ts';
import type { BilingualText } from '../damage-class.ts';

/** `count`: so many. `share`: 0 to 1. `ms`: a median of milliseconds. */
type FigureKind = 'count' | 'share' | 'ms';

interface FigureText {
  readonly kind: FigureKind;
  /** Whether more of it is good, bad, or neither. */
  readonly better: 'more' | 'less' | null;
  readonly name: BilingualText;
  readonly meaning: BilingualText;
}

export const FIGURE_TEXTS: Readonly<Record<FigureName, FigureText>> = {
  received: {
    kind: 'count',
    better: null,
    name: { en: 'Received', zh: '上报数' },
    meaning: {
      en: 'Alerts of cameras and reports of people that came in within the period.',
      zh: '统计期内摄像机预警与市民上报的总数。',
    },
  },
  filed: {
    kind: 'count',
    better: null,
    name: { en: 'Filed', zh: '立案数' },
    meaning: {
      en: 'Tickets opened within the period. Those recalled before they left are not counted.',
      zh: '统计期内立案的工单数，派遣前撤回的不计。',
    },
  },
  dispatched: {
    kind: 'count',
    better: null,
    name: { en: 'Dispatched', zh: '派遣数' },
    meaning: {
      en: 'Tickets that reached their unit within the period, each at its last dispatch.',
      zh: '统计期内送达责任单位的工单数，多次派遣的以最后一次为准。',
    },
  },
  closed: {
    kind: 'count',
    better: null,
    name: { en: 'Closed', zh: '结案数' },
    meaning: {
      en: 'Tickets closed within the period, whatever the outcome. Cancelled ones are not counted.',
      zh: '统计期内结案的工单数，不论结案方式，作废的不计。',
    },
  },
  answeredInTime: {
    kind: 'share',
    better: 'more',
    name: { en: 'Answered in time', zh: '按时响应率' },
    meaning: {
      en: 'Of the tickets dispatched within the period whose response is decided: the share that the unit answered before its deadline.',
      zh: '按时响应数÷统计期内派遣且响应已见分晓的工单数。时限未到且尚未响应的不计。',
    },
  },
  closedOnTime: {
    kind: 'share',
    better: 'more',
    name: { en: 'Closed on time', zh: '按期结案率' },
    meaning: {
      en: 'Of the tickets whose deadline of repair lies within the period: the share closed without having passed it. Left out: what is suspended or cancelled, and what was repaired in time and awaits its inspection.',
      zh: '按期结案数÷处置时限落在统计期内的应结案数。挂账、作废以及已按时修复、尚待核查的不计。',
    },
  },
  extended: {
    kind: 'share',
    better: 'less',
    name: { en: 'Given more time', zh: '延期率' },
    meaning: {
      en: 'Of the tickets whose deadline of repair lies within the period: the share that was given more time at least once. Cancelled ones are left out.',
      zh: '获准延期的工单数÷处置时限落在统计期内的工单数，作废的不计。',
    },
  },
  reworked: {
    kind: 'share',
    better: 'less',
    name: { en: 'Rework', zh: '返工率' },
    meaning: {
      en: 'Of the tickets closed as repaired within the period: the share that had to be repaired again at least once.',
      zh: '结案前至少返工一次的工单数÷统计期内以修复结案的工单数。',
    },
  },
  recurred: {
    kind: 'share',
    better: 'less',
    name: { en: 'Back within 30 days', zh: '30日复发率' },
    meaning: {
      en: 'Of the tickets closed as repaired within the period and at least 30 days ago: the share whose damage was confirmed at the same place again within 30 days of closing.',
      zh: '结案后30日内同一位置再次核实属实的工单数÷统计期内以修复结案且已满30日的工单数。',
    },
  },
  cameraProven: {
    kind: 'share',
    better: 'more',
    name: { en: 'Proven by camera', zh: '摄像机核查通过率' },
    meaning: {
      en: 'Of the tickets closed as repaired within the period: the share whose last repair a camera has seen to be whole.',
      zh: '末次修复经摄像机核查路面完好的工单数÷统计期内以修复结案的工单数。',
    },
  },
  timeToVerdict: {
    kind: 'ms',
    better: 'less',
    name: { en: 'Time to verdict', zh: '核实用时' },
    meaning: {
      en: 'Median time from an alert to its verdict, of the alerts that people judged within the period.',
      zh: '统计期内经人工核实的预警，自上报至核实的用时中位数。',
    },
  },
  timeToRepair: {
    kind: 'ms',
    better: 'less',
    name: { en: 'Time to repair', zh: '修复用时' },
    meaning: {
      en: 'Median time from dispatch to the last repair, of the tickets repaired within the period.',
      zh: '统计期内修复的工单，自派遣至末次修复的用时中位数。',
    },
  },
  precision: {
    kind: 'share',
    better: 'more',
    name: { en: 'Precision', zh: '预警准确率' },
    meaning: {
      en: 'Of the alerts that people confirmed or rejected within the period: the share confirmed. Merged and shelved ones are left out.',
      zh: '核实属实数÷统计期内人工核实为属实或不属实的预警数，并案和搁置的不计。',
    },
  },
};
