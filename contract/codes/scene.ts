/** Why a look at the scene of a ticket cannot say whether something new stands there, as `code` of it. */
export const SCENE_UNCLEAR = {
  scene_dark: { en: 'It is too dark there.', zh: '现场过暗。' },
  scene_blurred: { en: 'The picture is blurred.', zh: '画面模糊。' },
  scene_covered: { en: 'Something covers the lens.', zh: '镜头被遮挡。' },
  scene_frozen: { en: 'The picture stands still.', zh: '画面静止不动。' },
  scene_placeholder: { en: 'The camera shows no street.', zh: '摄像机画面不是街道。' },
  scene_moved: {
    en: 'The camera does not look at the place as it did when the damage was found.',
    zh: '摄像机视角与发现病害时不同。',
  },
  scene_masked: { en: 'A privacy mask covers the place.', zh: '隐私遮罩盖住了该处。' },
  scene_model_away: {
    en: 'The box could not look for vehicles and people.',
    zh: '设备未能识别车辆和人员。',
  },
  scene_picture_single: {
    en: 'There was no second picture to tell what stands from what passes.',
    zh: '没有第二张画面，无法区分停留与经过。',
  },
  scene_agent_old: {
    en: 'The program of the box is too old to look at a scene.',
    zh: '设备程序版本过旧，不能查看现场。',
  },
} as const;
export type SceneUnclearCode = keyof typeof SCENE_UNCLEAR;
