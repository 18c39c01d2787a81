/** What keeps a box from doing all that it should, as `code` of the troubles in its AgentStatus. */
export const AGENT_TROUBLES = {
  disk_full: { en: 'its disk is full', zh: '磁盘已满' },
  disk_unwritable: { en: 'its disk cannot be written', zh: '磁盘无法写入' },
  store_in_memory: { en: 'what it sees is kept in memory only', zh: '检测结果仅保存在内存中' },
  store_replaced: { en: 'its store was damaged and begun anew', zh: '存储已损坏并重新建立' },
  ring_in_memory: { en: 'its video is kept in memory', zh: '录像保存在内存中' },
  name_shared: { en: 'another box uses this name', zh: '另一台设备正在使用此名称' },
  broker_packet_limit: { en: 'the broker takes small packets only', zh: '消息服务器只接受小数据包' },
  broker_fallback: {
    en: 'its broker cannot be reached, another one stands in',
    zh: '无法连接首选消息服务器，正使用备用服务器',
  },
  uplink_budget: {
    en: 'pictures or clips wait for the next day’s data budget',
    zh: '当日流量已近上限，图片或视频次日再传',
  },
  home_assistant_refused: {
    en: 'its broker does not take what is told to Home Assistant',
    zh: '消息服务器不接受发往 Home Assistant 的消息',
  },
  looks_late: {
    en: 'it has more cameras than it can look at in time',
    zh: '摄像机过多，无法按时查看',
  },
  full_streams_short: {
    en: 'cameras wait for their full stream',
    zh: '有摄像机在等待拉取主码流',
  },
  configuration_refused: {
    en: 'the settings in its file have changed and are refused',
    zh: '配置文件已修改但未被接受',
  },
} as const;
export type AgentTroubleCode = keyof typeof AGENT_TROUBLES;
