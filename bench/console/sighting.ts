/** Damage with its picture, published as an agent does: the picture first. */
import { agentTopics, type Detection, sha256 } from '@roadwatch/contract';
import sharp from 'sharp';
import { SITE } from '../gateway/gateway-process.ts';
import { detection, type Published } from '../gateway/load.ts';

/** A street as large as cameras send it; `seed` makes another picture of it. */
export async function picture(seed: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 115, sigma: 12 } as const;
  const road = { width: 1920, height: 1080, channels: 3, background: '#707070', noise } as const;
  const hole = `<svg width="1920" height="1080"><ellipse cx="${300 + ((seed * 97) % 1300)}" cy="720" rx="120" ry="60" fill="#1b1917"/></svg>`;
  return sharp({ create: road })
    .composite([{ input: Buffer.from(hole) }])
    .jpeg({ quality: 80 })
    .toBuffer();
}

/** The messages of one new pothole at a camera of its own. */
export function sighting(agent: string, camera: string, still: Buffer): readonly Published[] {
  const published = detection(agent, camera, 0);
  const value = JSON.parse(published.payload.toString()) as Detection;
  const [ref] = value.evidence;
  if (ref === undefined) throw new Error('a detection without evidence');
  // The same picture twice would be stored once.
  const bytes = Buffer.concat([still, Buffer.from(value.id)]);
  const named = { ...ref, sha256: sha256(bytes), bytes: bytes.length };
  const payload = Buffer.from(JSON.stringify({ ...value, evidence: [named] }));
  const topic = agentTopics(SITE, agent).evidence(camera, value.id, ref.name);
  return [
    { topic, payload: bytes, sha256: sha256(bytes) },
    { ...published, payload, sha256: sha256(payload) },
  ];
}
