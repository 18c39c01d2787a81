/** MPEG-1 in MPEG-TS on a canvas, by jsmpeg. */
import { tsSource } from './ts-source.ts';

export interface PlayerEvents {
  /** A picture has been decoded. */
  onPicture(): void;
  /** The websocket has ended, with its code (RFC 6455, 7.4). */
  onClosed(code: number): void;
}

const BUFFER_BYTES = 1024 * 1024;

export async function playTs(
  url: string,
  canvas: HTMLCanvasElement,
  { onPicture, onClosed }: PlayerEvents,
): Promise<{ destroy(): void }> {
  const { default: JSMpeg } = await import('@cycjimmy/jsmpeg-player');
  return new JSMpeg.Player(url, {
    canvas,
    source: tsSource(onClosed),
    audio: false,
    disableGl: true,
    // The page's content security policy compiles no WebAssembly.
    disableWebAssembly: true,
    pauseWhenHidden: false,
    videoBufferSize: BUFFER_BYTES,
    onVideoDecode: onPicture,
  });
}
