/** Why the gateway does not accept a message of an agent, as `code` of its Ack; the last part of a limit labels its metric. */
export const MESSAGE_REFUSALS = {
  topic_unknown: { en: 'This is no topic of the gateway.', zh: '不是本网关的主题。' },
  topic_not_for_agents: { en: 'Agents do not publish there.', zh: '边缘节点不能发布到此主题。' },
  message_too_large: { en: 'The message is larger than is allowed.', zh: '消息过大。' },
  message_not_json: { en: 'The message is not JSON in UTF-8.', zh: '消息不是 UTF-8 编码的 JSON。' },
  message_not_object: { en: 'The message is not a JSON object.', zh: '消息不是 JSON 对象。' },
  version_unknown: { en: 'The wire version is not known.', zh: '消息版本未知。' },
  message_fields_invalid: { en: 'A field of the message is not as it must be.', zh: '消息字段不符合要求。' },
  sender_mismatch: {
    en: 'The message names another sender than its topic.',
    zh: '消息中的发送者与主题不一致。',
  },
  not_a_picture: {
    en: 'It is neither a JPEG picture nor an MP4 clip.',
    zh: '既不是 JPEG 图片也不是 MP4 视频。',
  },
  part_invalid: { en: 'It is no part of a file as it must be.', zh: '文件分段不符合要求。' },
  parts_make_another_file: { en: 'Its parts make another file.', zh: '分段拼成的不是该文件。' },
  detection_of_other_camera: {
    en: 'The detection belongs to another camera.',
    zh: '该检测属于另一台摄像机。',
  },
  signature_key_unknown: { en: 'The key is not one of this agent.', zh: '签名密钥不属于此设备。' },
  signature_key_revoked: { en: 'The key is revoked.', zh: '签名密钥已撤销。' },
  signature_key_replaced: {
    en: 'The key was replaced before this was published.',
    zh: '签名密钥在发布前已更换。',
  },
  signature_wrong: {
    en: 'The message is not what was signed with this key.',
    zh: '消息内容与签名不符。',
  },
  message_not_storable: { en: 'The message could not be stored.', zh: '消息无法保存。' },
  limit_revoked: { en: 'The agent is revoked.', zh: '该边缘节点已注销。' },
  limit_retained: {
    en: 'Only status and camera state may be retained.',
    zh: '只有设备状态和摄像机状态可以保留。',
  },
  limit_messages: { en: 'More messages a minute than are allowed.', zh: '每分钟消息数超限。' },
  limit_bytes: { en: 'More bytes a minute than are allowed.', zh: '每分钟数据量超限。' },
  limit_day: { en: 'More bytes in one day than are allowed.', zh: '当日数据量超限。' },
  limit_cameras: { en: 'More cameras than are allowed.', zh: '摄像机数量超限。' },
  limit_alerts: { en: 'More open alerts than are allowed.', zh: '未处理预警数量超限。' },
} as const;
export type MessageCode = keyof typeof MESSAGE_REFUSALS;

/** What the broker inside the gateway does not let in, or ends; the last part labels its metric. */
export const BROKER_REFUSALS = {
  broker_login: { en: 'A login was refused.', zh: '登录被拒绝。' },
  broker_publish: { en: 'A message on a foreign topic was refused.', zh: '向他人主题的发布被拒绝。' },
  broker_subscription: {
    en: 'A subscription to a foreign topic was refused.',
    zh: '对他人主题的订阅被拒绝。',
  },
  broker_packet: {
    en: 'A connection with a packet that is too large was ended.',
    zh: '数据包过大，连接已断开。',
  },
  broker_slow: { en: 'A connection that does not read was ended.', zh: '对方不读取数据，连接已断开。' },
  broker_revoked: { en: 'The connection of a revoked box was ended.', zh: '已注销设备的连接已断开。' },
  broker_crowd: { en: 'There were too many connections.', zh: '连接数过多。' },
  broker_takeover: { en: 'Another connection took the name.', zh: '同名的另一连接已接管。' },
} as const;
export type BrokerCode = keyof typeof BROKER_REFUSALS;
