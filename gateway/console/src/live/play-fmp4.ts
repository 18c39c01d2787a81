/** The camera's own video in fragmented MP4, by Media Source Extensions: always near the live edge, with a bounded buffer. */
import { LIVE_MESSAGE } from '@roadwatch/contract/live-message.ts';
import { nextPosition, trimmed } from './live-edge.ts';
import type { PlayerEvents } from './play-ts.ts';
import { mimeOf } from './playable.ts';

export interface VideoEvents extends PlayerEvents {
  /** The browser cannot play it after all. */
  onUnplayable(): void;
}

/** What waits while the buffer is busy; of more, pictures are missed up to the next keyframe. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

export function playFmp4(
  url: string,
  codecs: string,
  video: HTMLVideoElement,
  events: VideoEvents,
): { destroy(): void } {
  const source = new MediaSource();
  const address = URL.createObjectURL(source);
  const waiting: Uint8Array<ArrayBuffer>[] = [];
  let waitingBytes = 0;
  let waitsForKeyframe = true;
  let buffer: SourceBuffer | null = null;
  let over = false;

  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data === 'string' || data.byteLength < 2) return;
    const kind = new Uint8Array(data, 0, 1)[0];
    if (kind === LIVE_MESSAGE.keyframe) waitsForKeyframe = false;
    if (kind === LIVE_MESSAGE.picture && (waitsForKeyframe || waitingBytes > MAX_WAITING_BYTES)) {
      waitsForKeyframe = true;
      return;
    }
    const bytes = new Uint8Array(data, 1);
    waiting.push(bytes);
    waitingBytes += bytes.length;
    goOn();
  };
  socket.onclose = ({ code }) => events.onClosed(code);

  const goOn = (): void => {
    if (over || buffer === null || buffer.updating || source.readyState !== 'open') return;
    try {
      keepNear(video, buffer);
      const trim = trimmed(buffer.buffered);
      const next = trim === null ? waiting.shift() : undefined;
      if (trim !== null) buffer.remove(trim.from, trim.to);
      if (next === undefined) return;
      waitingBytes -= next.length;
      buffer.appendBuffer(next);
    } catch {
      events.onUnplayable();
    }
  };
  source.addEventListener(
    'sourceopen',
    () => {
      buffer = source.addSourceBuffer(mimeOf(codecs));
      buffer.addEventListener('updateend', goOn);
      goOn();
    },
    { once: true },
  );
  video.onerror = () => {
    if (!over) events.onUnplayable();
  };
  video.requestVideoFrameCallback(() => {
    if (!over) events.onPicture();
  });
  video.src = address;

  return {
    destroy: () => {
      over = true;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
      video.onerror = null;
      video.removeAttribute('src');
      video.load();
      URL.revokeObjectURL(address);
    },
  };
}

function keepNear(video: HTMLVideoElement, { buffered }: SourceBuffer): void {
  if (buffered.length === 0) return;
  const { to, rate } = nextPosition(buffered, video.currentTime);
  if (to !== null) video.currentTime = to;
  if (video.playbackRate !== rate) video.playbackRate = rate;
  // A browser pauses what is hidden; nobody can pause this otherwise.
  if (video.paused) video.play().catch(() => {});
}
