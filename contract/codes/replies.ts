/** Why an agent does not do what it is asked, as `code` of its Reply; of a problem document where somebody waits for it. */
export const REPLY_REFUSALS = {
  command_expired: { en: 'The command came too late.', zh: '指令到达过迟。' },
  agent_busy: { en: 'The agent is busy with other commands.', zh: '边缘节点正忙。' },
  agent_without_camera: { en: 'The agent has no such camera.', zh: '边缘节点没有此摄像机。' },
  evidence_gone: {
    en: 'The box does not have it any more.',
    zh: '设备上已没有该文件。',
  },
  camera_not_streaming: { en: 'The camera does not stream.', zh: '摄像机没有视频流。' },
  live_address_refused: {
    en: 'The agent does not push a live view to this address.',
    zh: '边缘节点拒绝向此地址推送实时画面。',
  },
  live_views_many: {
    en: 'As many cameras as can be are being watched live.',
    zh: '同时观看的摄像机已达上限。',
  },
  live_over_budget: {
    en: 'The box has sent too much of its data budget of the day to show a camera live.',
    zh: '设备当日流量余量不足，无法观看实时画面。',
  },
  evidence_over_budget: {
    en: 'The box has sent too much of its data budget of the day to send this. Ask again tomorrow (from 00:00 UTC).',
    zh: '设备当日流量余量不足，无法传送。请次日（UTC 零时起）再试。',
  },
  live_failed: { en: 'The live view could not begin.', zh: '无法开始实时画面。' },
  road_not_settable: {
    en: 'The road is taken together with the other settings of the camera only.',
    zh: '道路范围须与摄像机的其他设置一并下发。',
  },
  settings_invalid: {
    en: 'The agent does not take these settings of the camera.',
    zh: '边缘节点不接受这些摄像机设置。',
  },
  settings_not_taken: {
    en: 'The box takes no settings of this camera: its own configuration alone counts.',
    zh: '该设备不接受下发的摄像机设置，仅以设备配置为准。',
  },
  agent_too_old: {
    en: 'The agent is too old to be told settings.',
    zh: '边缘节点版本过旧，无法接收设置。',
  },
  box_settings_invalid: {
    en: 'The box does not take these settings.',
    zh: '设备不接受这些设置。',
  },
  box_settings_not_taken: {
    en: 'The box takes no settings from a gateway: its own configuration alone counts.',
    zh: '该设备不接受下发的设置，仅以设备配置为准。',
  },
  box_settings_not_confirmed: {
    en: 'The box could not tell in time that it can still be reached, and has gone back to its former settings.',
    zh: '设备未能在时限内得到确认，已恢复原设置。',
  },
  box_settings_not_applied: {
    en: 'The box could not apply the settings, and has gone back to its former ones.',
    zh: '设备应用设置失败，已恢复原设置。',
  },
  box_settings_not_on_trial: {
    en: 'The box is not trying these settings.',
    zh: '设备并未试用这些设置。',
  },
  box_settings_in_part: {
    en: 'The file of the box has changed, and some of the settings no longer fit it.',
    zh: '设备配置文件已变更，部分设置不再适用。',
  },
  masks_many: { en: 'The camera has as many privacy masks as it may have.', zh: '隐私遮罩数量已达上限。' },
  masks_not_removable: {
    en: 'A privacy mask is taken away in the configuration of the box, and nowhere else.',
    zh: '隐私遮罩只能在设备配置中移除。',
  },
  command_failed: { en: 'The agent could not do it.', zh: '边缘节点无法完成该指令。' },
} as const;
export type ReplyCode = keyof typeof REPLY_REFUSALS;
