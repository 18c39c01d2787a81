/**
 * Why the gateway's interface refuses, as `code` of its problem documents: a word for programs, the status that goes with it, and
 * the sentence that people read in their language where the gateway's own, which names the thing, is in English only.
 */

const unauthenticated = {
  login_needed: { en: 'Sign in first.', zh: '请先登录。' },
  login_wrong: { en: 'User name or password is wrong.', zh: '用户名或密码错误。' },
  code_needed: { en: 'The code of the second factor is needed.', zh: '需要第二验证因素的验证码。' },
  code_wrong: { en: 'The code is wrong, or was used already.', zh: '验证码错误或已被使用。' },
  token_unknown: { en: 'The token is not known here.', zh: '该令牌不存在。' },
  token_revoked: { en: 'The token was revoked.', zh: '该令牌已被撤销。' },
  box_login_wrong: { en: 'The box is not known, or its login is wrong.', zh: '设备未登记或凭据错误。' },
  token_expired: { en: 'The token has expired.', zh: '该令牌已过期。' },
} as const;

const forbidden = {
  role_forbidden: { en: 'Your role may not do this.', zh: '您的角色无权执行此操作。' },
  csrf_missing: {
    en: 'This page is no longer up to date: load it anew.',
    zh: '页面已过时，请重新加载。',
  },
  people_only: { en: 'This is for people only, not for programs.', zh: '此操作仅限人员，不接受程序令牌。' },
  scope_missing: { en: 'The token may not do this.', zh: '该令牌没有此项权限。' },
  access_undeclared: { en: 'This address is closed.', zh: '此地址未开放。' },
  second_factor_first: {
    en: 'Set up a second factor first: your role needs one here.',
    zh: '请先设置第二验证因素：您的角色必须使用。',
  },
  passwords_not_taken: {
    en: 'Passwords are not taken here: sign in at the identity provider.',
    zh: '此处不接受密码，请通过统一身份认证登录。',
  },
  password_not_present: { en: 'The present password is wrong.', zh: '当前密码错误。' },
  factor_code_wrong: { en: 'The code is wrong.', zh: '验证码错误。' },
  signature_refused: { en: 'The signature of the call is not right.', zh: '请求签名不正确。' },
  pairing_code_unknown: {
    en: 'There is no such code for this box, or it has been used or is too old.',
    zh: '该设备没有此配对码，或配对码已使用、已过期。',
  },
  pairing_code_used: { en: 'The code has been used for another box.', zh: '该配对码已用于另一台设备。' },
  box_key_used: {
    en: 'This key was of a box before: a new one is needed.',
    zh: '该密钥曾属于其他设备，需要新的密钥。',
  },
  box_key_unknown: {
    en: 'This key is not, or no longer, that of a box.',
    zh: '该密钥不属于或不再属于任何设备。',
  },
  identity_unnamed: {
    en: 'The identity provider gives no user name that can be used.',
    zh: '身份认证方未提供可用的用户名。',
  },
  identity_without_role: { en: 'You have no role here.', zh: '您在此没有任何角色。' },
  user_disabled: { en: 'This user is disabled.', zh: '该用户已停用。' },
} as const;

const notFound = {
  nothing_here: { en: 'There is nothing at this address.', zh: '此地址没有内容。' },
  alert_unknown: { en: 'There is no such alert.', zh: '该预警不存在。' },
  ticket_unknown: { en: 'There is no such ticket.', zh: '该工单不存在。' },
  notice_unknown: { en: 'There is no such notice for you.', zh: '没有发给您的此条提醒。' },
  order_unknown: { en: 'There is no such failed order.', zh: '没有此条派遣失败记录。' },
  evidence_unknown: { en: 'There is no such picture or clip.', zh: '该图片或视频不存在。' },
  map_file_unknown: { en: 'The map has no such file.', zh: '地图没有此文件。' },
  camera_unknown: { en: 'There is no such camera.', zh: '该摄像机不存在。' },
  token_not_listed: { en: 'There is no such token.', zh: '没有此令牌。' },
  user_unknown: { en: 'There is no such user.', zh: '没有此用户。' },
  second_factor_unknown: { en: 'This person has no second factor.', zh: '此人没有设置第二验证因素。' },
  unit_system_unknown: {
    en: 'There is no unit of this name with a system of its own.',
    zh: '没有接入自有系统的该责任单位。',
  },
  camera_settings_unset: {
    en: 'Nothing was ever set of this camera.',
    zh: '此摄像机尚未下发过设置。',
  },
  agent_unknown: { en: 'There is no such agent.', zh: '没有该设备。' },
  box_settings_unset: { en: 'Nothing was ever set of this box.', zh: '此设备尚未下发过设置。' },
  settings_version_unknown: { en: 'There is no such version of these settings.', zh: '没有该版本的设置。' },
  operations_unset: {
    en: 'No system of the maintainers is set, or its secret is lost.',
    zh: '尚未设置运维系统，或其密钥已丢失。',
  },
  area_shape_unknown: { en: 'There is no such area.', zh: '没有该辖区边界。' },
  backup_unknown: { en: 'No backup has been made here yet.', zh: '尚未在此备份。' },
  refused_message_unknown: { en: 'There is no such refused message.', zh: '没有此条被拒消息。' },
  release_unknown: { en: 'There is no such release.', zh: '没有该发布。' },
  rollout_unknown: { en: 'There is no such rollout.', zh: '没有该推送任务。' },
  release_file_unknown: {
    en: 'No release that may be handed out has this file.',
    zh: '没有可下发的发布包含此文件。',
  },
  crew_link_over: { en: 'The link has ended.', zh: '链接已失效。' },
} as const;

const conflict = {
  photo_part_misplaced: {
    en: 'This part of the photograph does not follow on what is here.',
    zh: '该照片分段与已收到的内容不衔接。',
  },
  alert_held: { en: 'Somebody else is judging this alert.', zh: '该预警正由他人核实。' },
  alert_changed: { en: 'The alert has changed meanwhile.', zh: '该预警已有变化，请查看最新状态。' },
  alert_judged: { en: 'The alert has been judged meanwhile.', zh: '该预警已被他人核实。' },
  alert_merged: {
    en: 'The alert is part of another already: take that back first.',
    zh: '该预警已并入其他预警，请先撤回。',
  },
  alert_has_ticket: {
    en: 'The alert has a ticket of its own: cancel that, or merge the other alert into this one.',
    zh: '该预警已有工单：请作废工单，或将另一预警并入本预警。',
  },
  merge_target_merged: { en: 'That alert is part of another one.', zh: '目标预警已并入其他预警。' },
  merge_target_rejected: { en: 'That alert was rejected.', zh: '目标预警已判为不属实。' },
  merge_target_over: { en: 'The ticket of that alert is over.', zh: '目标预警的工单已结束。' },
  merge_group_full: { en: 'So many alerts cannot be merged into one.', zh: '并案的预警数量过多。' },
  ticket_dispatched: {
    en: 'The ticket has been dispatched: cancel the ticket instead.',
    zh: '工单已派出，请改为作废工单。',
  },
  ticket_changed: { en: 'The ticket has changed meanwhile.', zh: '工单已有变化，请查看最新状态。' },
  ticket_command_impossible: {
    en: 'The ticket is in a state in which this is not possible.',
    zh: '工单当前状态下不能执行此操作。',
  },
  scene_look_impossible: {
    en: 'There is no scene to look at: no camera, or no unit has the ticket.',
    zh: '无法查看现场：没有摄像机，或工单不在责任单位。',
  },
  extension_impossible: {
    en: 'No time for a repair runs that could be extended, or it is over already.',
    zh: '没有可延期的处置时限，或已超时。',
  },
  extension_asked_already: { en: 'More time has been asked for already.', zh: '已申请延期，等待审批。' },
  ticket_without_unit: { en: 'The ticket is with no unit at present.', zh: '该工单目前不在任何责任单位。' },
  notice_seen: { en: 'Somebody has seen it already.', zh: '已有人查看过此提醒。' },
  notice_over: { en: 'It is over: the ticket has moved on.', zh: '工单已有进展，此提醒不再有效。' },
  refused_message_cut: {
    en: 'Not all of this message was kept, so that it cannot be taken again: its box has to send it.',
    zh: '此消息未完整保存，无法重新接收，须由边缘设备重发。',
  },
  refused_message_again: { en: 'It is refused again.', zh: '此消息仍被拒收。' },
  token_name_taken: { en: 'There is, or was, a token of this name.', zh: '已有或曾有同名令牌。' },
  token_over: { en: 'The token is revoked already.', zh: '该令牌已撤销。' },
  password_elsewhere: {
    en: 'Your password is kept by the identity provider: change it there.',
    zh: '您的密码由统一身份认证管理，请在那里修改。',
  },
  second_factor_on: {
    en: 'There is a second factor already: take it off first.',
    zh: '已设置第二验证因素，请先停用。',
  },
  second_factor_not_begun: { en: 'No second factor is being set up.', zh: '尚未开始设置第二验证因素。' },
  second_factor_required: {
    en: 'Your role needs a second factor here.',
    zh: '您的角色必须使用第二验证因素。',
  },
  certificates_many: {
    en: 'This key has as many valid certificates as it may have.',
    zh: '该密钥的有效证书数量已达上限。',
  },
  request_under_way: {
    en: 'The same is being done at this moment: ask again in a second.',
    zh: '相同请求正在处理，请稍后再试。',
  },
  backup_running: { en: 'A backup is being made at this moment.', zh: '正在备份，请稍候。' },
  last_admin: {
    en: 'This is the last administrator: make another one first.',
    zh: '这是最后一名管理员，请先新建另一名。',
  },
  settings_changed: {
    en: 'Somebody has changed these settings meanwhile: look at both, then save again.',
    zh: '他人已修改此设置，请对照后再保存。',
  },
  unit_in_use: {
    en: 'The unit has open tickets, or people who sign in for it: it cannot go yet.',
    zh: '该责任单位仍有未结案工单或登录人员，暂不能删除。',
  },
  release_there: { en: 'There is a release of this name and version already.', zh: '已有同名同版本的发布。' },
  release_withdrawn: { en: 'The release has been withdrawn.', zh: '该发布已撤下。' },
  release_uploading: {
    en: 'Another release is being uploaded at this moment.',
    zh: '正在上传另一个发布，请稍候。',
  },
  rollout_over: { en: 'The rollout is over, or is so already.', zh: '推送任务已结束或已处于该状态。' },
  user_name_taken: { en: 'There is another user of this name here already.', zh: '此处已有同名用户。' },
} as const;

const invalid = {
  fields_invalid: { en: 'Something in it is not as it must be.', zh: '内容不符合要求。' },
  text_unstorable: { en: 'It has a character that cannot be stored.', zh: '含有无法保存的字符。' },
  json_invalid: { en: 'It is not valid JSON.', zh: '不是有效的 JSON。' },
  idempotency_key_used: {
    en: 'The key of this command has been used for another one.',
    zh: '该操作标识已用于其他操作。',
  },
  page_key_invalid: {
    en: 'The list cannot be continued there: begin anew.',
    zh: '无法从此处继续，请重新加载列表。',
  },
  area_unknown: { en: 'No unit has this area.', zh: '没有责任单位负责此区域。' },
  unit_unknown: { en: 'There is no such unit.', zh: '该责任单位不存在。' },
  shelve_past: { en: 'The time lies in the past.', zh: '所选时间已过。' },
  merge_itself: { en: 'An alert cannot be merged into itself.', zh: '预警不能并入自身。' },
  merge_target_unknown: { en: 'There is no such alert to merge into.', zh: '要并入的预警不存在。' },
  merge_other_site: { en: 'That alert is of another site.', zh: '目标预警属于其他站点。' },
  merge_too_far: { en: 'That alert is too far away.', zh: '目标预警相距过远。' },
  ticket_reason_missing: { en: 'Say why.', zh: '请填写原因。' },
  ticket_outcome_missing: { en: 'Say what it has come to.', zh: '请选择处理结果。' },
  ticket_review_missing: {
    en: 'Say when somebody is to look at it again.',
    zh: '请选择复核日期。',
  },
  ticket_review_invalid: {
    en: 'That day must be to come, within a year.',
    zh: '复核日期须在一年以内的将来。',
  },
  ticket_until_missing: { en: 'Say until when.', zh: '请选择延期至何时。' },
  ticket_until_invalid: {
    en: 'The time must lie after the present deadline, and within a year.',
    zh: '时间须晚于当前时限，且在一年以内。',
  },
  ticket_same_unit: { en: 'That unit has the ticket already.', zh: '工单已在该责任单位。' },
  ticket_unit_missing: { en: 'Name the unit that takes over.', zh: '请选择接收的责任单位。' },
  photo_unusable: { en: 'The photograph cannot be used.', zh: '照片无法使用。' },
  token_life_invalid: { en: 'A token ends within the next five years.', zh: '令牌有效期须在五年以内。' },
  token_scope_invalid: { en: 'The token of a unit may not do this.', zh: '责任单位的令牌不能有此项权限。' },
  password_short: { en: 'The new password is too short.', zh: '新密码太短。' },
  password_known: {
    en: 'The new password must be another one, without your name in it.',
    zh: '新密码须与旧密码不同，且不含用户名。',
  },
  factor_code_invalid: {
    en: 'The code is not the one that the app shows now.',
    zh: '验证码与应用当前显示的不一致。',
  },
  area_type_unknown: {
    en: 'This is no area: a GeoJSON Polygon or MultiPolygon, or a collection of them, is.',
    zh: '不是区域：应为 GeoJSON 的 Polygon、MultiPolygon 或其集合。',
  },
  area_not_closed: {
    en: 'A ring of the area is not closed: its last point must be its first.',
    zh: '边界未闭合：最后一点须与第一点相同。',
  },
  area_crosses_itself: { en: 'The border crosses itself.', zh: '边界自相交。' },
  area_out_of_range: {
    en: 'A point is no longitude and latitude in degrees, longitude first.',
    zh: '坐标超出范围：应为以度为单位的经度、纬度，经度在前。',
  },
  area_null_island: {
    en: 'A point lies at longitude 0, latitude 0: it has lost its coordinates.',
    zh: '有点位于经度 0、纬度 0，坐标已丢失。',
  },
  area_points_many: { en: 'The area has too many points.', zh: '边界点数过多。' },
  area_flat: { en: 'The area encloses nothing.', zh: '边界未围成面积。' },
  release_refused: { en: 'This is no release that can be handed out.', zh: '不是可下发的发布。' },
  release_unsigned: {
    en: 'It is not signed by anybody whom this gateway trusts.',
    zh: '未经本网关信任的密钥签名。',
  },
  rollout_without_boxes: { en: 'No box that may connect has such a name.', zh: '没有符合的设备。' },
  certificate_request_invalid: { en: 'The request for a certificate is not valid.', zh: '证书请求无效。' },
} as const;

const tooMany = {
  requests_many: { en: 'Too many requests: try again in a while.', zh: '请求过多，请稍后再试。' },
  passwords_many: { en: 'Too many wrong passwords: try again later.', zh: '密码错误次数过多，请稍后再试。' },
  walls_too_many: { en: 'Too many screens show the wall at present.', zh: '当前显示大屏的屏幕过多。' },
  codes_many: { en: 'Too many wrong codes: try again later.', zh: '验证码错误次数过多，请稍后再试。' },
} as const;

const unavailable = {
  store_full: {
    en: 'The gateway’s disk is full: nothing can be saved until there is room.',
    zh: '网关磁盘已满：腾出空间前无法保存。',
  },
  store_away: {
    en: 'The gateway cannot reach its store: nothing can be saved at present.',
    zh: '网关无法访问数据库：目前无法保存。',
  },
  evidence_away: {
    en: 'Pictures and clips cannot be reached at present: try again in a while.',
    zh: '目前无法访问图片和视频，请稍后再试。',
  },
  stopping: { en: 'The gateway is stopping.', zh: '网关正在停止。' },
  sign_in_crowded: {
    en: 'Too many people are signing in at this moment: try again in a few seconds.',
    zh: '登录人数过多，请几秒后再试。',
  },
  photos_crowded: {
    en: 'Too many photographs are arriving at present.',
    zh: '目前照片上传过多，请稍后再试。',
  },
  figures_crowded: {
    en: 'Too many reports wait to be made at present.',
    zh: '等待生成的报表过多，请稍后再试。',
  },
  agent_offline: { en: 'The agent of the camera is offline.', zh: '摄像机的边缘节点已离线。' },
  thumbnails_crowded: {
    en: 'Too many small pictures are being made at present: try again in a second.',
    zh: '缩略图生成过多，请稍后再试。',
  },
  agent_silent: { en: 'The agent of the camera does not answer.', zh: '摄像机的边缘节点没有应答。' },
} as const;

/** By the status with which it is answered (RFC 9110, 15; 429: RFC 6585, 4). */
export const REFUSALS_BY_STATUS = {
  400: { request_malformed: { en: 'The request could not be read.', zh: '无法识别该请求。' } },
  401: unauthenticated,
  403: forbidden,
  404: notFound,
  408: {
    body_late: {
      en: 'This took too long to arrive: check the connection and send it again.',
      zh: '发送超时，请检查网络后重试。',
    },
  },
  409: conflict,
  413: { body_too_large: { en: 'This is too large.', zh: '内容过大。' } },
  415: { type_not_taken: { en: 'This type of content is not taken here.', zh: '不接受此类型的内容。' } },
  416: { range_not_there: { en: 'It has no such part.', zh: '请求的范围不存在。' } },
  422: invalid,
  429: tooMany,
  500: { failed: { en: 'The gateway could not do this.', zh: '网关无法完成此操作。' } },
  503: unavailable,
} as const;

type ByStatus = typeof REFUSALS_BY_STATUS;
type RefusalStatus = keyof ByStatus;
/** Of one status, or of any. */
export type RefusalCode<Status extends RefusalStatus = RefusalStatus> = Status extends RefusalStatus
  ? keyof ByStatus[Status] & string
  : never;
