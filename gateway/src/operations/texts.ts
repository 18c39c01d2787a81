/** What is wrong with a camera by its state alone, and with a box, in words. */
import type { CameraCondition } from '@roadwatch/contract';

type Words = { readonly en: string; readonly zh: string };
type Wrong = Exclude<CameraCondition, 'starting' | 'streaming' | 'dark' | 'paused'>;

export const CONDITION_TEXTS: Readonly<Record<Wrong | 'agent_lost', Words>> = {
  stalled: { en: 'No picture comes from it.', zh: '无画面。' },
  refused: { en: 'It refuses the box; a person has to mend that.', zh: '拒绝边缘盒子连接，需人工处理。' },
  blurred: { en: 'Its picture is blurred.', zh: '画面模糊。' },
  covered: { en: 'Something covers it.', zh: '镜头被遮挡。' },
  frozen: { en: 'Its picture stands still.', zh: '画面冻结。' },
  moved: { en: 'It looks elsewhere than it did.', zh: '视角偏移。' },
  placeholder: { en: 'It shows a page in place of the street.', zh: '显示占位画面。' },
  agent_lost: { en: 'Nothing is heard of the box.', zh: '收不到边缘盒子的任何消息。' },
};
