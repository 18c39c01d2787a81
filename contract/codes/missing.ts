/** Why evidence that was promised does not come, as `reason` of what a Detection says is missing. Each ends a sentence. */
export const MISSING_EVIDENCE = {
  not_recorded: { en: 'the box has no video of that moment', zh: '设备没有那一刻的录像' },
  not_cut: { en: 'the box could not make it', zh: '设备未能制作' },
  no_room: {
    en: 'the box had no room to keep it until it could be sent',
    zh: '设备在发送前已没有空间保存',
  },
  over_budget: { en: 'the data budget of the box was used up for the day', zh: '设备当日流量已用完' },
  not_taken: { en: 'the gateway did not take it', zh: '网关未接收' },
  spoilt: { en: 'the disk of the box has damaged it', zh: '设备磁盘上的文件已损坏' },
} as const;
export type MissingReason = keyof typeof MISSING_EVIDENCE;
