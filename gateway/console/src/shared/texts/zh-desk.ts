import type { enDesk } from './en-desk.ts';

export const zhDesk: typeof enDesk = {
  outbox: {
    waits: '等待发送',
    waitsBecause: (why) => `已保留，将自动发送：${why}`,
    overtaken: (name, state) => `${name} 已先处理：${state}`,
    withdrawn: '发送前已撤销',
    expired: '等待过久，未发送：请重新核实',
    refused: (why) => `未受理：${why}`,
    undoing: '正在撤销……',
    merged: '已并案',
    unmerged: '已撤销并案',
    waitFor: (n, name) =>
      `${name} 有 ${n} 条核实结果尚未发送，已保存在本浏览器中，${name} 在此登录后自动发送。`,
    discard: '丢弃',
    discardSure: (n, name) => `丢弃 ${name} 的 ${n} 条核实结果？相应预警仍在待核实队列中。`,
    memoryOnly:
      '本浏览器无法为此页面保存数据（隐私窗口、浏览器设置或磁盘已满）：关闭页面后，尚未发送的核实结果将丢失。',
    title: '本浏览器的核实记录',
    none: '暂无记录',
    noneHint: '在此核实的预警及处理结果列在这里。',
  },
  whyNot: {
    nothingAtHand: () => '当前没有预警。',
    notSeenYet: () => '未核实：这条预警刚刚出现，请看清后再按。',
    readOnly: () => '您的角色只能查看，不能核实。',
    heldBy: (name) => `未核实：${name} 正在核实这条预警。`,
    judgedElsewhere: () => '这条预警已有核实结果，按回车继续。',
    menuOpen: () => '未派遣：请按数字选择，或按 Esc 关闭。',
    noMenu: () => '打开选项后，数字键才有作用。',
    noCamera: () => '此预警由市民上报，没有摄像机画面。',
    nothingToUndo: () => '没有可撤销的核实结果。',
    dispatchedAlready: (number) => `${number} 已派遣：请在工单页面作废。`,
    outboxFull: () => '等待发送的核实结果过多：网关恢复前不再接受。',
    unbound: (key) => `${key} 键在这里没有作用。`,
  },
};
