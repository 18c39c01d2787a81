import { describe, expect, test } from 'vitest';
import {
  type AgentTopics,
  agentTopics,
  type Detection,
  Detection as DetectionSchema,
  describeErrors,
  intersectionOverUnion,
  newId,
  parseAck,
  parseDetection,
  parseTopic,
  partTopic,
  polygonContains,
  sha256,
} from './index.ts';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const at = '2026-11-23T08:15:30.250Z';
const detection: Detection = {
  v: 1,
  id: newId(),
  revision: 1,
  event: 'opened',
  site: 'binjiang',
  agent: 'edge-1',
  camera: 'binsheng-road',
  damageClass: 'pothole',
  score: 0.8,
  box: [0.1, 0.2, 0.3, 0.1],
  frame: { width: 1920, height: 1080 },
  firstSeenAt: at,
  verifiedAt: at,
  lastSeenAt: at,
  capturedAt: at,
  publishedAt: at,
  observations: { seen: 3, looked: 4 },
  model: { name: 'road-damage-nano', version: '1', sha256: sha256('model') },
  evidence: [],
};

describe('a message from the wire', () => {
  test('comes through as it was sent, with fields of a later time', () => {
    expect(parseDetection(bytes({ ...detection, weather: 'rain' }))).toMatchObject({
      ok: true,
      value: detection,
    });
  });

  const bad: [string, Uint8Array, RegExp][] = [
    ['not JSON', new TextEncoder().encode('{"v":1,'), /not valid JSON/],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe), /not valid JSON in UTF-8/],
    ['no object', bytes([detection]), /expected a JSON object/],
    ['another version', bytes({ ...detection, v: 2 }), /v: unknown wire version 2, this side speaks 1/],
    ['no version', bytes({}), /unknown wire version none/],
    ['a field out of range', bytes({ ...detection, score: 1.5 }), /score: must be <= 1, got 1.5/],
    ['a box of three', bytes({ ...detection, box: [0, 0, 1] }), /box: /],
    ['a missing field', bytes({ ...detection, camera: undefined }), /camera/],
    ['an unknown class', bytes({ ...detection, damageClass: 'cat' }), /damageClass: .*got "cat"/],
    [
      'a time that is no time',
      bytes({ ...detection, verifiedAt: 'yesterday' }),
      /verifiedAt: .*got "yesterday"/,
    ],
    ['a name with a slash', bytes({ ...detection, camera: '../etc' }), /camera: .*got "..\/etc"/],
  ];
  test.each(bad)('%s is refused with the reason', (_name, payload, reason) => {
    const parsed = parseDetection(payload);
    expect(parsed.ok ? 'accepted' : parsed.reason).toMatch(reason);
  });

  test('the reason stays short however much is wrong', () => {
    const reason = describeErrors(DetectionSchema, {
      ...detection,
      evidence: Array(8).fill('x'.repeat(10_000)),
    });
    expect(reason.length).toBeLessThan(1000);
  });

  test('an acknowledgement names payloads by their SHA-256', () => {
    const ack = {
      v: 1,
      stored: [sha256(bytes(detection))],
      refused: [{ sha256: sha256('x'), reason: 'not valid JSON' }],
    };
    expect(parseAck(bytes(ack))).toEqual({ ok: true, value: ack });
  });
});

describe('topics', () => {
  const topics: AgentTopics = agentTopics('binjiang', 'edge-1');
  const id = newId();
  const from = { site: 'binjiang', agent: 'edge-1' };
  const clip = topics.evidence('c1', id, 'clip.mp4');

  test.each([
    [topics.status, { ...from, kind: 'status' }],
    [topics.ack, { ...from, kind: 'ack' }],
    [topics.cameraState('c1'), { ...from, kind: 'camera-state', camera: 'c1' }],
    [topics.detections('c1'), { ...from, kind: 'detection', camera: 'c1' }],
    [
      topics.evidence('c1', id, 'still.jpg'),
      { ...from, kind: 'evidence', camera: 'c1', owner: id, name: 'still.jpg' },
    ],
    [
      partTopic(clip, {
        sha256: sha256('clip'),
        start: 0,
        total: 8_388_608,
      }),
      {
        ...from,
        kind: 'evidence-part',
        camera: 'c1',
        owner: id,
        name: 'clip.mp4',
        part: { sha256: sha256('clip'), start: 0, total: 8_388_608 },
      },
    ],
    [topics.command(id), { ...from, kind: 'command', id }],
    [topics.reply(id), { ...from, kind: 'reply', id }],
  ])('%s is read as it was built', (topic, expected) => {
    expect(parseTopic(topic)).toEqual(expected);
  });

  test.each([
    'roadwatch/v2/binjiang/edge-1/status',
    'roadwatch/v1/binjiang/edge-1',
    'roadwatch/v1/Binjiang/edge-1/status',
    'roadwatch/v1/binjiang/edge-1/cameras/c1/evidence/../still.jpg',
    `roadwatch/v1/binjiang/edge-1/cameras/c1/evidence/${id}/../../x.jpg`,
    `roadwatch/v1/binjiang/edge-1/cameras/c1/evidence/${id}/x.exe`,
    'roadwatch/v1/binjiang/edge-1/cameras/c1/detections/more',
    'other/topic',
    `${clip}/0/10`,
    `${clip}/${sha256('clip')}/0`,
    `${clip}/${sha256('clip')}/10/10`,
    `${clip}/${sha256('clip')}/-1/10`,
    `${clip}/${sha256('clip')}/01/10`,
    `${clip}/${sha256('clip')}/0/8388609`,
    `${clip}/${sha256('clip')}/0/10/10`,
  ])('%s is not ours', (topic) => {
    expect(parseTopic(topic)).toBeNull();
  });
});

describe('geometry', () => {
  test('intersection over union', () => {
    expect(intersectionOverUnion([0, 0, 0.2, 0.2], [0.1, 0, 0.2, 0.2])).toBeCloseTo(1 / 3);
    expect(intersectionOverUnion([0, 0, 0.1, 0.1], [0.5, 0.5, 0.1, 0.1])).toBe(0);
  });

  test('a point lies on the road or beside it', () => {
    const road = [
      [0.4, 0],
      [0.6, 0],
      [1, 1],
      [0, 1],
    ] as const;
    expect(polygonContains(road, [0.5, 0.5])).toBe(true);
    expect(polygonContains(road, [0.1, 0.1])).toBe(false);
  });
});
