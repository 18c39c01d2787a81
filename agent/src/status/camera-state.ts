/** What is said of a camera on the wire. */
import { wallMs } from '@roadwatch/common';
import { type CameraState, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import type { CameraConfig } from '../config/schema.ts';
import type { CameraPipeline } from '../pipeline/camera-pipeline.ts';

export function cameraState(
  watch: CameraPipeline,
  of: { readonly site: string; readonly agent: string; readonly bootId: string },
  /** As the file has it; undefined: it is not there. */
  own: CameraConfig | undefined,
  superseded: number,
  nowMs: number,
): CameraState {
  const { connection, reason, code, fault, sinceMs } = watch.status;
  const { lastFrameAtMs, source } = watch.camera;
  const { id, name, position, headingDegrees, fieldOfViewDegrees, thresholds = {} } = watch.config;
  const state = connection === 'streaming' ? (fault ?? 'streaming') : connection;
  return {
    v: WIRE_VERSION,
    site: of.site,
    agent: of.agent,
    camera: id,
    bootId: of.bootId,
    name,
    state,
    ...(reason === null ? {} : { reason: reason.slice(0, 500) }),
    ...(code === null ? {} : { code }),
    faults: watch.cares.map(({ code: care, detail, sinceMs: from }) => ({
      ...{ code: care, detail: detail.slice(0, 500) },
      since: timestamp(wallMs(from)),
    })),
    since: timestamp(wallMs(sinceMs)),
    at: timestamp(wallMs(nowMs)),
    lastFrameAt: lastFrameAtMs === null ? null : timestamp(wallMs(lastFrameAtMs)),
    lastFrameAgeMs: lastFrameAtMs === null ? null : Math.max(0, nowMs - lastFrameAtMs),
    fps: Math.round(watch.camera.fps(nowMs) * 100) / 100,
    drops: watch.drops + superseded,
    ...(source === null ? {} : { width: source.width, height: source.height }),
    ...(position === undefined ? {} : { position }),
    ...(headingDegrees === undefined ? {} : { headingDegrees }),
    ...(fieldOfViewDegrees === undefined ? {} : { fieldOfViewDegrees }),
    ...(watch.road === undefined ? {} : { road: watch.road }),
    ...(watch.masks.length === 0 ? {} : { masks: watch.masks }),
    ...(watch.minBoxHeight === undefined ? {} : { minBoxHeight: watch.minBoxHeight }),
    ...(Object.keys(thresholds).length === 0 ? {} : { thresholds }),
    ...(watch.settings === null ? {} : { settings: watch.settings }),
    ...(own === undefined ? {} : { own: ownOf(own, name) }),
  };
}

function ownOf(
  { name, enabled, farPass, transport }: CameraConfig,
  counts: CameraConfig['name'],
): NonNullable<CameraState['own']> {
  const isRenamed = name.en !== counts.en || name.zh !== counts.zh;
  return { ...(isRenamed ? { name } : {}), enabled, farPass, transport };
}
