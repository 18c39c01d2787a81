/** Evidence for alerts that nobody saw: real pictures and a real clip of real size, each time with bytes of its own. */
import { type EvidenceRef, sha256, timestamp } from '@roadwatch/contract';
import sharp from 'sharp';
import { film } from '../street/film.ts';
import { SCENES } from '../street/named.ts';
import { statesOf } from '../street/story.ts';
import { renderMp4 } from './clip.ts';

export const EVIDENCE_CHOICES = ['all', 'stills', 'none'] as const;
export type EvidenceChoice = (typeof EVIDENCE_CHOICES)[number];

const SIZE = { width: 1920, height: 1080 };
const CLIP_SECONDS = 8;
const CLIP_KBPS = 2000;

export interface EvidenceTemplate {
  readonly name: string;
  readonly kind: EvidenceRef['kind'];
  readonly contentType: EvidenceRef['contentType'];
  readonly bytes: Buffer;
}

export interface EvidenceMessage {
  readonly ref: EvidenceRef;
  readonly payload: Buffer;
}

export async function evidenceTemplates(
  choice: EvidenceChoice,
  signal: AbortSignal,
): Promise<EvidenceTemplate[]> {
  if (choice === 'none') return [];
  const picture = await streetPicture();
  const still = { name: 'still.jpg', kind: 'still', contentType: 'image/jpeg', bytes: picture } as const;
  const stills: EvidenceTemplate[] = [still, { ...still, name: 'overlay.jpg', kind: 'overlay' }];
  if (choice === 'stills') return stills;
  const bytes = await renderMp4(SIZE, { seconds: CLIP_SECONDS, fps: 12.5, kbps: CLIP_KBPS }, signal);
  return [...stills, { name: 'clip.mp4', kind: 'clip', contentType: 'video/mp4', bytes }];
}

async function streetPicture(): Promise<Buffer> {
  const [state] = statesOf(SCENES.pothole as (typeof SCENES)[string]).slice(-1);
  if (state === undefined) throw new RangeError('a story has states');
  const plan = { ...SIZE, fps: 1, seed: 1, treeShadow: 0, shake: 0, view: {} };
  for (const { rgb } of film(plan, state)) {
    return sharp(rgb, { raw: { ...SIZE, channels: 3 } })
      .jpeg({ quality: 85 })
      .toBuffer();
  }
  throw new RangeError('a film has frames');
}

/** A copy that differs from all others in bytes which no decoder reads. */
export function evidenceFor(
  { name, kind, contentType, bytes }: EvidenceTemplate,
  id: string,
  nowMs: number,
): EvidenceMessage {
  const own = `${id}/${name}`;
  const payload = Buffer.concat([bytes, kind === 'clip' ? freeBox(own) : Buffer.from(own)]);
  const ref = {
    name,
    kind,
    contentType,
    sha256: sha256(payload),
    bytes: payload.length,
    capturedAt: timestamp(nowMs),
  };
  return { ref, payload };
}

/** ISO/IEC 14496-12 8.1.2: a box whose contents are to be ignored. */
function freeBox(text: string): Buffer {
  const box = Buffer.alloc(8 + text.length);
  box.writeUInt32BE(box.length);
  box.write(`free${text}`, 4, 'latin1');
  return box;
}
