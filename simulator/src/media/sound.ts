/** The sound of a street as cameras send it: made and encoded once by ffmpeg, held in memory, repeated. */
import { collect } from './process.ts';

/** AAC (RFC 3640), and the two of G.711 (RFC 3551 4.5.14): A-law and mu-law. */
export const SOUND_CODECS = ['aac', 'pcma', 'pcmu'] as const;
export type SoundCodec = (typeof SOUND_CODECS)[number];

export interface Sound {
  readonly codec: SoundCodec;
  /** Samples a second, which is also what RTP timestamps count. */
  readonly rate: number;
  /** Each as one packet carries it. */
  readonly frames: readonly Buffer[];
  readonly samplesPerFrame: number;
}

const SECONDS = 10;
/** Wind and far traffic: the lower, the louder. */
const STREET = `anoisesrc=color=brown:amplitude=0.4:seed=1:sample_rate=16000:duration=${SECONDS}`;
const AAC_RATE = 16_000;
const G711_RATE = 8_000;
/** 20 ms (RFC 3551 4.2). */
const G711_SAMPLES = 160;
const AAC_SAMPLES = 1024;

/** @throws UnusableSourceError when ffmpeg is not there or cannot encode it */
export async function streetSound(codec: SoundCodec, signal: AbortSignal): Promise<Sound> {
  const encoded = (...args: string[]): Promise<Buffer> =>
    // biome-ignore format: one option with its value at a time
    collect('ffmpeg', ['-hide_banner', '-v', 'error', '-nostdin', '-f', 'lavfi', '-i', STREET, '-ac', '1', ...args, 'pipe:1'],
      signal);
  if (codec === 'aac') {
    const stream = await encoded('-ar', String(AAC_RATE), '-c:a', 'aac', '-b:a', '32k', '-f', 'adts');
    return { codec, rate: AAC_RATE, frames: adtsFrames(stream), samplesPerFrame: AAC_SAMPLES };
  }
  const [encoder, format] = codec === 'pcma' ? ['pcm_alaw', 'alaw'] : ['pcm_mulaw', 'mulaw'];
  const bytes = await encoded('-ar', String(G711_RATE), '-c:a', encoder, '-f', format);
  const frames = Array.from({ length: Math.floor(bytes.length / G711_SAMPLES) }, (_, i) =>
    bytes.subarray(i * G711_SAMPLES, (i + 1) * G711_SAMPLES),
  );
  return { codec, rate: G711_RATE, frames, samplesPerFrame: G711_SAMPLES };
}

/** The raw frames of an ADTS stream (ISO/IEC 13818-7 6.2). */
function adtsFrames(stream: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + 7 <= stream.length; ) {
    const length = ((stream.readUInt8(at + 3) & 3) << 11) | (stream.readUInt16BE(at + 4) >> 5);
    // A checksum follows the header where protection is not absent.
    const header = (stream.readUInt8(at + 1) & 1) === 1 ? 7 : 9;
    if (length <= header || at + length > stream.length) break;
    frames.push(stream.subarray(at + header, at + length));
    at += length;
  }
  return frames;
}
