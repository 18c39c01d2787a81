import { beforeAll, describe, expect, test } from 'vitest';
import type { Clip } from '../media/clip.ts';
import { encodeClip } from '../media/encode.ts';
import { Timeline } from '../media/timeline.ts';
import { Camera } from './camera.ts';
import { Pace } from './pace.ts';
import type { SentUnit } from './stream.ts';

let firstLook: Clip;
let film: Clip;

beforeAll(async () => {
  const encoded = (picture: string): Promise<Clip> =>
    encodeClip(
      ['-f', 'lavfi', '-i', `${picture}=size=160x90:rate=20:duration=1`],
      { width: 160, height: 90 },
      { codec: 'h264', fps: 20, gopSeconds: 0.2 },
      new AbortController().signal,
    );
  [firstLook, film] = await Promise.all([encoded('testsrc'), encoded('smptebars')]);
});

/** Plays the camera and hands over each picture. */
function viewer(camera: Camera): { next(): Promise<SentUnit>; leave(): void } {
  const waiting: SentUnit[] = [];
  let wake = (): void => {};
  const entry = {
    send: (sent: SentUnit): void => {
      waiting.push(sent);
      wake();
    },
    drop: (): void => {},
  };
  camera.main.add(entry);
  return {
    next: async () => {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift() as SentUnit;
    },
    leave: () => camera.main.remove(entry),
  };
}

describe('a camera whose film is still being made', () => {
  test('shows the first look, then the film from its beginning, with times that go on', async () => {
    const options = { path: 'a', startOn: 'first-play', preparing: true } as const;
    const camera = new Camera({ ...options, timeline: Timeline.looping(firstLook) });
    const watching = viewer(camera);
    let last = await watching.next();
    expect(firstLook.units).toContain(last.unit);
    expect(camera.startedAtMs).toBeNull();

    const started = camera.next('started');
    camera.begin({ timeline: Timeline.looping(film) });
    await started;
    expect(camera.startedAtMs).toBeLessThanOrEqual(Date.now());
    for (;;) {
      const sent = await watching.next();
      expect(sent.pts).toBeGreaterThan(last.pts);
      last = sent;
      if (!firstLook.units.includes(sent.unit)) break;
    }
    expect(last.unit).toBe(film.units[0]);
    watching.leave();
    camera.stop();
  });

  test('when that is there first, its clock still waits for a client', async () => {
    const options = { path: 'a', startOn: 'first-play', preparing: true } as const;
    const camera = new Camera({ ...options, timeline: Timeline.looping(firstLook) });
    camera.begin({ timeline: Timeline.looping(film) });
    expect(camera.startedAtMs).toBeNull();
    const watching = viewer(camera);
    expect((await watching.next()).unit).toBe(film.units[0]);
    expect(camera.startedAtMs).not.toBeNull();
    watching.leave();
    camera.stop();
  });

  test('a fault of the picture lasts beyond the change to the film', async () => {
    const camera = new Camera({ path: 'a', preparing: true, timeline: Timeline.looping(firstLook) });
    await camera.beginFault({ kind: 'black' });
    camera.begin({ timeline: Timeline.looping(film) });
    const watching = viewer(camera);
    const { unit } = await watching.next();
    expect([...firstLook.units, ...film.units]).not.toContain(unit);
    camera.endFault('black');
    for (;;) if (film.units.includes((await watching.next()).unit)) break;
    watching.leave();
    camera.stop();
  });
});

describe('cameras that begin together', () => {
  test('send their keyframes one after another', async () => {
    const cameras = [0, 0.5].map(
      (phase) => new Camera({ path: 'a', timeline: Timeline.looping(film), phase }),
    );
    const [level, ahead] = cameras.map((camera) => camera.clock.ticks());
    // Keyframes are 0.2 s apart; between the two readings hardly any time passes.
    expect(((ahead as number) - (level as number)) / 90).toBeCloseTo(100, -1);
    for (const camera of cameras) camera.stop();
  });

  test('tell how late their pictures leave', async () => {
    const pace = new Pace();
    const camera = new Camera({ path: 'a', timeline: Timeline.looping(film), pace, startOn: 'first-play' });
    const watching = viewer(camera);
    for (let i = 0; i < 5; i++) await watching.next();
    watching.leave();
    camera.stop();
    const { pictures, p50Ms, p99Ms, maxMs } = pace.take();
    expect(pictures).toBeGreaterThanOrEqual(4);
    expect(maxMs).toBeGreaterThanOrEqual(p99Ms);
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    expect(pace.take().pictures).toBe(0);
  });
});
