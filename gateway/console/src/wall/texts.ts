/** Every text of the wall in both languages: they may stand on it together. */
import type { BilingualText } from '@roadwatch/contract';

const say = (zh: string, en: string): BilingualText => ({ zh, en });

export const TEXTS = {
  title: say('路况哨兵', 'Roadwatch'),
  today: say('今日', 'Today'),
  yesterday: say('昨日同时', 'yesterday by now'),
  steps: {
    seen: say('摄像机发现路面病害', 'A camera sees a broken road'),
    dispatched: say('一键派遣责任单位', 'One click sends it to the unit'),
    answered: say('30分钟内受理', 'Answered within 30 minutes'),
    arrived: say('现场看到处置人员', 'The crew is on the scene in time'),
    proven: say('同一摄像机核查完好', 'The same camera proves it whole'),
  },
  figures: {
    seen: say('预警', 'alerts'),
    dispatched: say('派遣', 'dispatched'),
    answered: say('按时受理', 'in time'),
    arrived: say('按时到场', 'in time'),
    proven: say('核查通过', 'proven'),
  },
  short: {
    seen: say('发现', 'Seen'),
    dispatched: say('派遣', 'Sent'),
    answered: say('受理', 'Answered'),
    arrived: say('到场', 'On scene'),
    proven: say('核查', 'Proven'),
  },
  feed: say('近24小时', 'The last 24 hours'),
  cases: say('件', 'cases'),
  noCases: say('近24小时道路完好', 'No broken road in the last 24 hours'),
  citizen: say('市民上报', 'Citizen report'),
  map: say('城市路面', 'The city'),
  noMap: say('此屏幕无法绘制地图', 'This screen cannot draw the map'),
  cameras: say('路摄像机', 'cameras'),
  seeing: say('路画面正常', 'are seeing'),
  unanswered: say('等待受理', 'Waiting for an answer'),
  left: say('剩余', 'left'),
  over: say('已超时', 'overdue'),
  others: say('件同样在等待', 'more wait'),
  allAnswered: say('全部工单已受理', 'Every ticket is answered'),
  proof: say('最近一次修复', 'The latest repair'),
  before: say('修复前', 'Before'),
  after: say('修复后', 'After'),
  noProof: say('首次核查通过后，修复前后画面显示在此', 'The first proven repair will stand here'),
  pictureGone: say('图片暂时无法显示', 'The picture cannot be shown'),
  waiting: say('等待数据', 'Waiting for data'),
  old: say('数据已过', 'Data is old:'),
  connecting: say('正在连接……', 'Connecting ...'),
  lost: say('连接已断开，正在重新连接……', 'Connection lost. Reconnecting ...'),
  full: say('显示大屏的屏幕过多，稍后重试', 'Too many screens show the wall. Trying again'),
  noToken: say('此地址缺少屏幕令牌', 'This address has no token of a screen'),
  ended: {
    token_revoked: say('此屏幕已停用', 'This screen has been ended'),
    token_expired: say('此屏幕的使用期限已到', 'The time of this screen is over'),
    other: say('此屏幕未获授权', 'This screen is not allowed'),
  },
  endedHint: say('请由值班长在地图页面新增屏幕', 'A shift lead can make a new one on the map page'),
} as const;

export type StepName = keyof typeof TEXTS.steps;
export const STEPS: readonly StepName[] = ['seen', 'dispatched', 'answered', 'arrived', 'proven'];
