/** Why a camera does not stream, or what of it should be set in another way, as `code` of its CameraState. */
export const CAMERA_FAULTS = {
  camera_unreachable: { en: 'The camera cannot be reached.', zh: '无法连接摄像机。' },
  camera_refused: { en: 'The camera refuses the login.', zh: '摄像机拒绝登录。' },
  camera_not_found: { en: 'The camera has no stream at this path.', zh: '摄像机没有此路径的视频流。' },
  camera_busy: { en: 'The camera has no room for one more viewer.', zh: '摄像机连接数已满。' },
  camera_transport: {
    en: 'The camera does not send over this transport.',
    zh: '摄像机不支持所设的传输方式。',
  },
  camera_redirect: { en: 'The camera sends the box elsewhere.', zh: '摄像机要求转到其他地址。' },
  camera_not_video: { en: 'What comes is not video that can be read.', zh: '收到的不是可读取的视频。' },
  camera_no_keyframe: {
    en: 'No keyframe comes: set the camera to one every 2 s.',
    zh: '没有收到关键帧，请将摄像机设为每 2 秒一个关键帧。',
  },
  camera_keyframes_rare: {
    en: 'Keyframes are rare, which costs more: set the camera to one every 2 s.',
    zh: '关键帧间隔过长，占用更多资源，请将摄像机设为每 2 秒一个关键帧。',
  },
  camera_sends_jpeg: {
    en: 'The camera sends JPEG, which costs more: set it to H.264.',
    zh: '摄像机发送 JPEG，占用更多资源，请设为 H.264。',
  },
  camera_corrupt: { en: 'The timestamps of the stream are broken.', zh: '视频流时间戳有误。' },
  camera_ring: {
    en: 'What the camera sends does not fit into the video ring.',
    zh: '摄像机的数据超出循环录像的容量。',
  },
  camera_disk: { en: 'The disk of the box takes no video.', zh: '设备磁盘无法保存录像。' },
  camera_stalled: { en: 'No picture comes any more.', zh: '不再收到画面。' },
  camera_ended: { en: 'The camera has ended the connection.', zh: '摄像机断开了连接。' },
  camera_full_stream_lost: {
    en: 'Its full stream is away: the sub-stream is looked at, and pictures are of that.',
    zh: '主码流中断，正以子码流检测，图片取自子码流。',
  },
  camera_sub_stream_lost: {
    en: 'Its sub-stream is away: the full stream is looked at, or waits for its turn.',
    zh: '子码流中断，正以主码流检测，或正等待主码流轮次。',
  },
  camera_internal: { en: 'The box could not begin the connection.', zh: '设备未能建立连接。' },
} as const;
export type CameraFaultCode = keyof typeof CAMERA_FAULTS;

/** What a camera that streams needs a maintainer for, as `code` of the `faults` in its CameraState. */
export const CAMERA_CARES = {
  lens_dirty: {
    en: 'Less sharp than it usually is at this time of day: the lens is dirty or out of focus.',
    zh: '清晰度低于同一时段的平常水平：镜头脏污或失焦。',
  },
  dark_by_day: { en: 'Dark though it is day.', zh: '白天画面过暗。' },
  clock_wrong: { en: 'The clock of the camera is wrong.', zh: '摄像机时钟不准。' },
  frame_rate_fallen: { en: 'Fewer pictures a second than usual.', zh: '帧率低于平常水平。' },
  login_locks_soon: {
    en: 'The login is refused again and again: the camera may lock the account.',
    zh: '登录多次被拒：摄像机可能锁定账号。',
  },
} as const;
export type CameraCareCode = keyof typeof CAMERA_CARES;
