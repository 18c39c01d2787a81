/** Why a box waits with a release, does not use it, or has gone back, as `code` of its UpdateReport. */
export const UPDATE_CODES = {
  unsigned: { en: 'it is not signed by anybody whom the box trusts', zh: '未经设备信任的密钥签名' },
  release_invalid: { en: 'its description is not valid', zh: '发布说明无效' },
  kind_unknown: { en: 'the box cannot use releases of this kind', zh: '设备不支持此类发布' },
  update_no_room: { en: 'the disk of the box has no room for it', zh: '设备磁盘空间不足' },
  data_budget: { en: 'the data budget of the day is used up', zh: '当日流量额度已用完' },
  not_answered: { en: 'the box is there and says nothing of it', zh: '设备在线但未作答复' },
  not_reached: { en: 'the gateway cannot be reached to fetch it', zh: '无法从网关下载' },
  file_damaged: { en: 'what came is not what was signed', zh: '下载内容与签名不符' },
  model_unusable: { en: 'the model cannot be used', zh: '模型无法使用' },
  input_differs: {
    en: 'the model takes pictures of another size: it needs a restart with the model named in the configuration',
    zh: '模型输入尺寸不同：须在设备配置中指定并重启',
  },
  too_slow: { en: 'it takes too long for a frame', zh: '单帧推理过慢' },
  candidates_jumped: { en: 'it finds far more candidates than the model before', zh: '疑似病害数量骤增' },
  model_failed: { en: 'it failed on frames', zh: '模型推理出错' },
  restarted_often: { en: 'the agent was restarted too often with it', zh: '使用该模型期间设备多次重启' },
  superseded: { en: 'another release has taken its place', zh: '已被新的发布取代' },
  update_cancelled: { en: 'it was taken back', zh: '已撤回' },
  configured_otherwise: {
    en: 'the configuration of the box names another model',
    zh: '设备配置已指定其他模型',
  },
  not_confirmed: { en: 'the new agent was not heard in time', zh: '新版本未按时确认运行' },
  update_failed: { en: 'it could not be done', zh: '更新失败' },
} as const;
export type UpdateCode = keyof typeof UPDATE_CODES;
