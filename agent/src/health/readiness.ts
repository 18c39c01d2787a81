/** Whether the agent does its work by now, for what waits for it: an installer, an orchestrator, a rolling change of many boxes. */

/** Each with what a person reads. */
const REASONS = {
  starting: { en: 'the agent is still starting', zh: '程序仍在启动' },
  stopping: { en: 'the agent is stopping', zh: '程序正在停止' },
  model_not_loaded: {
    en: 'no inference thread has the model; another is being started',
    zh: '推理线程未就绪，正在重新启动',
  },
  no_camera_streams: {
    en: 'none of the cameras streams; the state of each says why',
    zh: '所有摄像机均无视频，原因见各摄像机状态',
  },
} as const;

type Reason = (typeof REASONS)[keyof typeof REASONS] & { readonly code: keyof typeof REASONS };

export interface Readiness {
  readonly ready: boolean;
  /** Empty when it is. */
  readonly reasons: readonly Reason[];
}

export interface Progress {
  readonly stage: 'starting' | 'started' | 'stopping';
  readonly isModelLoaded: boolean;
  /** Those that are paused left out. */
  readonly cameras: number;
  readonly streaming: number;
}

/** One camera is enough: what holds up the others is told of each, and is seldom the box. */
export function readiness({ stage, isModelLoaded, cameras, streaming }: Progress): Readiness {
  const codes = [
    ...(stage === 'started' ? [] : [stage]),
    ...(isModelLoaded ? [] : (['model_not_loaded'] as const)),
    ...(cameras === 0 || streaming > 0 ? [] : (['no_camera_streams'] as const)),
  ];
  return { ready: codes.length === 0, reasons: codes.map((code) => ({ code, ...REASONS[code] })) };
}
