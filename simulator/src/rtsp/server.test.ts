import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { on, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { XMLValidator } from 'fast-xml-parser';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RtspClient } from '../../testing/rtsp-client.ts';
import { Camera, type CameraOptions } from '../camera/camera.ts';
import { tplink } from '../camera/makers/tplink.ts';
import type { Clip } from '../media/clip.ts';
import { encodeClip } from '../media/encode.ts';
import { DEFAULT_ENCODER } from '../media/encoder-settings.ts';
import { streetSound } from '../media/sound.ts';
import { Timeline } from '../media/timeline.ts';
import { RtspServer, type RtspServerOptions } from './server.ts';
import { MAX_BACKLOG_BYTES } from './video-track.ts';

let clip: Clip;
const ends: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=1'];
  const settings = { ...DEFAULT_ENCODER, fps: 25, gopSeconds: 0.4 };
  clip = await encodeClip(input, { width: 320, height: 180 }, settings, new AbortController().signal);
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(
  options: Partial<CameraOptions> = {},
  server: RtspServerOptions = {},
): Promise<{ camera: Camera; url: string }> {
  const camera = new Camera({ path: 'cam', timeline: Timeline.looping(clip), ...options });
  const running = new RtspServer([camera], server);
  await running.start();
  ends.push(() => running.stop());
  ends.push(() => camera.stop());
  return { camera, url: running.urlOf(camera.main) };
}

async function client(url: string): Promise<RtspClient> {
  const opened = await RtspClient.open(url);
  ends.push(() => opened.close());
  return opened;
}

/** The NAL unit type that a payload begins, FU-A included; null inside a fragmented unit. */
function nalTypeOf(payload: Buffer): number | null {
  const type = (payload[0] ?? 0) & 0x1f;
  if (type !== 28) return type;
  const header = payload[1] ?? 0;
  return header & 0x80 ? header & 0x1f : null;
}

describe('the track that tells of the pictures by ONVIF', () => {
  const setUp = { Transport: 'RTP/AVP/TCP;unicast;interleaved=2-3' };
  /** The next whole document. */
  const documentOf = async (viewer: RtspClient): Promise<string> => {
    const parts: Buffer[] = [];
    for (;;) {
      const { payload, marker } = await viewer.rtp(2);
      parts.push(payload);
      if (marker) return Buffer.concat(parts).toString('utf8');
    }
  };

  test('says when by the clock of the camera, and what is wrong with the picture, when that begins and when it ends', async () => {
    const { camera, url } = await serve({ metadata: true, clockOffsetMs: 3_600_000 });
    const viewer = await client(url);
    const { body } = await viewer.ask('DESCRIBE');
    expect(body).toContain(
      'm=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\na=control:trackID=2\r\n',
    );
    await viewer.ask('SETUP', setUp, `${url}/trackID=2`);
    await viewer.ask('PLAY');
    const first = await documentOf(viewer);
    expect(XMLValidator.validate(first)).toBe(true);
    const at = Date.parse(/Frame UtcTime="([^"]+)"/.exec(first)?.[1] ?? '');
    expect(Math.abs(at - Date.now() - 3_600_000)).toBeLessThan(60_000);
    const saidOf = (text: string): string[] =>
      [
        ...text.matchAll(/VideoSource\/(\w+)\/.*?PropertyOperation="(\w+)".*?Name="State" Value="(\w+)"/g),
      ].map(([, topic, operation, value]) => `${topic} ${operation} ${value}`);
    expect(saidOf(first)).toEqual([
      'ImageTooDark Initialized false',
      'ImageTooBlurry Initialized false',
      'GlobalSceneChange Initialized false',
    ]);
    expect(saidOf(await documentOf(viewer))).toEqual([]);
    const said = async (): Promise<string[]> => {
      for (;;) {
        const found = saidOf(await documentOf(viewer));
        if (found.length > 0) return found;
      }
    };
    await camera.beginFault({ kind: 'black' });
    expect(await said()).toEqual(['ImageTooDark Changed true']);
    camera.endFault('black');
    expect(await said()).toEqual(['ImageTooDark Changed false']);
  }, 30_000);

  test('is not there unless it was asked for, nor at a maker that has none', async () => {
    const { url } = await serve();
    const viewer = await client(url);
    expect((await viewer.ask('DESCRIBE')).body).not.toContain('m=application');
    expect((await viewer.ask('SETUP', setUp, `${url}/trackID=2`)).status).toBe(404);
    expect(
      () => new Camera({ path: 'a', timeline: Timeline.looping(clip), maker: tplink, metadata: true }),
    ).toThrow('metadata: cameras of tp-link have no such track');
  });
});

describe('a client', () => {
  test('learns what the server can do and what the camera shows', async () => {
    const { url } = await serve();
    const viewer = await client(url);
    expect((await viewer.ask('OPTIONS', {}, '*')).headers.get('public')).toContain(
      'DESCRIBE, SETUP, PLAY, PAUSE',
    );
    const { status, headers, body } = await viewer.ask('DESCRIBE');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/sdp']);
    expect(body).toContain('a=rtpmap:96 H264/90000');
    expect(body).toMatch(
      /a=fmtp:96 packetization-mode=1; profile-level-id=[0-9a-f]{6}; sprop-parameter-sets=\S+,\S+/,
    );
  });

  test('gets a keyframe with its parameter sets first, and pictures whose times go on evenly', async () => {
    const { url } = await serve();
    const viewer = await client(url);
    const { headers } = await viewer.play();
    const first = await viewer.rtp();
    expect(nalTypeOf(first.payload)).toBe(7);
    expect(headers.get('rtp-info')).toContain(`seq=${first.sequence};rtptime=${first.timestamp}`);
    const times = [first.timestamp];
    let sequence = first.sequence;
    while (times.length < 40) {
      const packet = await viewer.rtp();
      sequence = (sequence + 1) & 0xffff;
      expect(packet.sequence).toBe(sequence);
      if (packet.timestamp !== times.at(-1)) times.push(packet.timestamp);
    }
    const steps = new Set(times.slice(1).map((time, i) => (time - (times[i] ?? 0)) >>> 0));
    expect(steps).toEqual(new Set([3600]));
  });

  test('that comes in the middle of a group of pictures gets its keyframe at once, not the next one', async () => {
    const [first, ...others] = clip.units;
    // One keyframe in two minutes.
    const long = Array.from({ length: 120 }, () => others.filter(({ keyframe }) => !keyframe)).flat();
    const units = [first as (typeof others)[number], ...long].map((unit, i) => ({
      ...unit,
      dts: i * 3600,
      pts: i * 3600,
    }));
    const timeline = Timeline.looping({ ...clip, units, ticks: units.length * 3600 });
    const { camera, url } = await serve({ timeline });
    const early = await client(url);
    await early.play();
    for (let pictures = 0; pictures < 10; ) if ((await early.rtp()).marker) pictures++;
    let keyframes = 0;
    camera.on('keyframe', () => keyframes++);
    const late = await client(url);
    await late.play();
    expect(nalTypeOf((await late.rtp()).payload)).toBe(7);
    expect(keyframes).toBe(0);
  });

  test('that comes when the last keyframe is too long ago is sent nothing until the next one', async () => {
    const [first, ...others] = clip.units;
    const rest = Array.from({ length: 30 }, () => others.filter(({ keyframe }) => !keyframe)).flat();
    // 600 pictures and more in six seconds.
    const units = [first as (typeof others)[number], ...rest].map((unit, i) => ({
      ...unit,
      dts: i * 810,
      pts: i * 810,
    }));
    const timeline = Timeline.looping({ ...clip, units, ticks: units.length * 810 });
    const { url } = await serve({ timeline });
    const early = await client(url);
    await early.play();
    for (let pictures = 0; pictures < 620; ) if ((await early.rtp()).marker) pictures++;
    const late = await client(url);
    await late.play();
    expect(nalTypeOf((await late.rtp()).payload)).toBe(7);
  });

  test('can tell from the sender report when a picture was taken', async () => {
    const clockOffsetMs = 5000;
    const { url } = await serve({ clockOffsetMs });
    const viewer = await client(url);
    await viewer.play();
    const report = await viewer.rtcp();
    const reportedMs =
      (report.readUInt32BE(8) - 2_208_988_800) * 1000 + (report.readUInt32BE(12) / 2 ** 32) * 1000;
    const packet = await viewer.rtp();
    const takenMs = reportedMs + ((packet.timestamp - report.readUInt32BE(16)) | 0) / 90;
    const ageMs = Date.now() + clockOffsetMs - takenMs;
    // From the running group of pictures: at most as old as its keyframe.
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(ageMs).toBeLessThan(2000);
  });

  test('can pause and go on, and end the session', async () => {
    const { camera, url } = await serve();
    const viewer = await client(url);
    await viewer.play();
    expect((await viewer.ask('PAUSE')).status).toBe(200);
    expect(camera.viewerCount).toBe(0);
    expect((await viewer.ask('PLAY')).status).toBe(200);
    expect((await viewer.ask('GET_PARAMETER')).status).toBe(200);
    expect((await viewer.ask('TEARDOWN')).status).toBe(200);
    expect(camera.viewerCount).toBe(0);
    expect((await viewer.ask('PLAY')).status).toBe(454);
  });

  test('gets the stream by UDP at the ports that it named', async () => {
    const { url } = await serve();
    const viewer = await client(url);
    const rtp = createSocket('udp4').bind(0, '127.0.0.1');
    const rtcp = createSocket('udp4').bind(0, '127.0.0.1');
    ends.push(() => {
      rtp.close();
      rtcp.close();
    });
    await Promise.all([once(rtp, 'listening'), once(rtcp, 'listening')]);
    const ports = `${rtp.address().port}-${rtcp.address().port}`;
    const report = once(rtcp, 'message');
    const picture = once(rtp, 'message');
    const { headers } = await viewer.ask('SETUP', { Transport: `RTP/AVP;unicast;client_port=${ports}` });
    expect(headers.get('transport')).toMatch(/server_port=\d*[02468]-\d+/);
    await viewer.ask('PLAY');
    expect(((await report) as [Buffer])[0][1]).toBe(200);
    expect(((await picture) as [Buffer])[0][1]).toBe(96);
  });

  test('is offered every scheme in a header of its own, and told in which time to show a sign of life', async () => {
    const login = { schemes: ['digest-sha256' as const, 'basic' as const] };
    const { url } = await serve({ credentials: { user: 'u', password: 'p' }, login, sessionSeconds: 7 });
    const viewer = await client(url);
    const { status, headers } = await viewer.ask('DESCRIBE');
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Digest .+ algorithm=SHA-256\nBasic realm="[^"]+"$/),
    ]);
    const transport = 'RTP/AVP/TCP;unicast;interleaved=0-1';
    const setUp = await viewer.ask('SETUP', { Transport: transport, Authorization: 'Basic dTpw' });
    expect(setUp.headers.get('session')).toMatch(/^[0-9a-f]{16};timeout=7$/);
  });

  test.each([
    ['a path that is no camera', 'DESCRIBE', {}, '/nowhere', 404],
    ['a path that cannot be read', 'DESCRIBE', {}, '/%E0%A4%A', 404],
    ['a method that is none', 'RECORD', {}, '/cam', 501],
    ['multicast', 'SETUP', { Transport: 'RTP/AVP;multicast' }, '/cam', 461],
    ['a privileged port', 'SETUP', { Transport: 'RTP/AVP;unicast;client_port=53-54' }, '/cam', 461],
    ['playing before setting up', 'PLAY', {}, '/cam', 454],
  ])('is told why it cannot have %s', async (_, method, headers, path, status) => {
    const { url } = await serve();
    const viewer = await client(url);
    expect((await viewer.ask(method, headers, url.replace('/cam', path))).status).toBe(status);
  });
});

/** The two sockets on which a client takes a stream by UDP. */
async function udpPorts(): Promise<{
  readonly rtp: UdpSocket;
  readonly rtcp: UdpSocket;
  readonly transport: string;
}> {
  const [rtp, rtcp] = [createSocket('udp4'), createSocket('udp4')].map((socket) =>
    socket.bind(0, '127.0.0.1'),
  ) as [UdpSocket, UdpSocket];
  ends.push(() => {
    rtp.close();
    rtcp.close();
  });
  await Promise.all([once(rtp, 'listening'), once(rtcp, 'listening')]);
  return { rtp, rtcp, transport: `RTP/AVP;unicast;client_port=${rtp.address().port}-${rtcp.address().port}` };
}

/** Resolves once the session at these ports is over (RFC 3550 6.6). */
async function goodbyeAt(rtcp: UdpSocket): Promise<void> {
  for await (const [packet] of on(rtcp, 'message')) if (packet[1] === 203) return;
}

describe('a session by UDP', () => {
  test('is played, kept alive, paused and ended from other connections than the one that set it up', async () => {
    const { camera, url } = await serve();
    const first = await client(url);
    const { rtp, rtcp, transport } = await udpPorts();
    const Session = (await first.ask('SETUP', { Transport: transport })).headers.get('session') ?? '';
    const over = first.closed();
    first.close();
    await over;

    const picture = once(rtp, 'message');
    const second = await client(url);
    const { status, headers } = await second.ask('PLAY', { Session });
    expect([status, headers.get('session')]).toEqual([200, Session.split(';')[0]]);
    await picture;
    const third = await client(url);
    expect((await third.ask('GET_PARAMETER', { Session })).status).toBe(200);
    expect((await third.ask('PAUSE', { Session })).status).toBe(200);
    expect(camera.viewerCount).toBe(0);
    expect((await second.ask('PLAY', { Session })).status).toBe(200);
    expect(camera.viewerCount).toBe(1);
    const ended = goodbyeAt(rtcp);
    expect((await third.ask('TEARDOWN', { Session })).status).toBe(200);
    await ended;
    expect(camera.viewerCount).toBe(0);
    expect((await second.ask('PLAY', { Session })).status).toBe(454);
  });

  test('goes on without a connection while its client reports, and ends when that is silent', async () => {
    const { camera, url } = await serve({ sessionSeconds: 2 });
    const play = async (): Promise<Awaited<ReturnType<typeof udpPorts>> & { readonly server: number }> => {
      const viewer = await client(url);
      const ports = await udpPorts();
      const { headers } = await viewer.ask('SETUP', { Transport: ports.transport });
      await viewer.ask('PLAY');
      viewer.close();
      return { ...ports, server: Number(/server_port=\d+-(\d+)/.exec(headers.get('transport') ?? '')?.[1]) };
    };
    const [lively, silent] = [await play(), await play()];
    // A receiver report without anything in it (RFC 3550 6.4.2).
    const report = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]);
    const goOn = (): void => lively.rtcp.send(report, lively.server, '127.0.0.1');
    lively.rtp.on('message', goOn);
    await goodbyeAt(silent.rtcp);
    expect(camera.viewerCount).toBe(1);
    lively.rtp.off('message', goOn);
    await goodbyeAt(lively.rtcp);
    expect(camera.viewerCount).toBe(0);
  });

  test('of one camera is not to be had by the address of another', async () => {
    const timeline = Timeline.looping(clip);
    const cameras = ['a', 'b'].map((path) => new Camera({ path, timeline }));
    const server = new RtspServer(cameras);
    await server.start();
    ends.push(() => server.stop());
    const [a = '', b = ''] = cameras.map((camera) => server.urlOf(camera.main));
    const viewer = await client(a);
    const { transport } = await udpPorts();
    const { headers } = await viewer.ask('SETUP', { Transport: transport });
    const Session = headers.get('session') ?? '';
    const other = await client(b);
    expect((await other.ask('PLAY', { Session })).status).toBe(454);
    expect((await other.ask('TEARDOWN', { Session })).status).toBe(454);
    expect((await viewer.ask('PLAY')).status).toBe(200);
  });

  test('is refused where there are too many', async () => {
    const { url } = await serve({}, { maxConnections: 2 });
    for (const status of [200, 200, 453]) {
      const viewer = await client(url);
      const { transport } = await udpPorts();
      expect((await viewer.ask('SETUP', { Transport: transport })).status).toBe(status);
      const over = once(viewer.socket, 'close');
      viewer.close();
      await over;
    }
  });
});

test('sound and pictures are one session: both are announced, set up under one name, played and ended together', async () => {
  const sound = await streetSound('pcmu', new AbortController().signal);
  const { camera, url } = await serve({ sound });
  const viewer = await client(url);
  const { body } = await viewer.ask('DESCRIBE');
  expect(body).toMatch(/m=video 0 RTP\/AVP 96\r\n[\s\S]*m=audio 0 RTP\/AVP 0\r\na=rtpmap:0 PCMU\/8000\r\n/);
  const setUp = (track: number, channels: string): ReturnType<RtspClient['ask']> =>
    viewer.ask('SETUP', { Transport: `RTP/AVP/TCP;interleaved=${channels}` }, `${url}/trackID=${track}`);
  const ids = [await setUp(0, '0-1'), await setUp(1, '2-3')].map(({ headers }) => headers.get('session'));
  expect(ids[1]).toBe(ids[0]);
  expect((await setUp(1, '4-5')).status).toBe(455);
  const { headers } = await viewer.ask('PLAY');
  const [pictures, heard] = (headers.get('rtp-info') ?? '').split(',');
  const first = await viewer.rtp();
  expect(pictures).toContain(`url=${url}/trackID=0;seq=${first.sequence};rtptime=${first.timestamp}`);
  const frames = [await viewer.rtp(2), await viewer.rtp(2), await viewer.rtp(2)];
  expect(heard).toContain(`url=${url}/trackID=1;seq=${frames[0]?.sequence};rtptime=${frames[0]?.timestamp}`);
  expect(frames.map(({ payload }) => payload.length)).toEqual([160, 160, 160]);
  const steps = frames.slice(1).map(({ timestamp }, i) => (timestamp - (frames[i]?.timestamp ?? 0)) >>> 0);
  expect(steps).toEqual([160, 160]);
  expect([camera.viewerCount, camera.microphone?.listenerCount]).toEqual([1, 1]);
  await viewer.ask('PAUSE');
  expect([camera.viewerCount, camera.microphone?.listenerCount]).toEqual([0, 0]);
  await viewer.ask('PLAY');
  expect([camera.viewerCount, camera.microphone?.listenerCount]).toEqual([1, 1]);
  await viewer.ask('TEARDOWN');
  expect([camera.viewerCount, camera.microphone?.listenerCount]).toEqual([0, 0]);
});

test.each([
  ['sound of a camera that has none', 'trackID=1', 'RTP/AVP/TCP;interleaved=2-3', 404],
  ['the pictures once more', 'trackID=0', 'RTP/AVP/TCP;interleaved=2-3', 455],
])('who asks for %s in a session is refused', async (_, track, Transport, status) => {
  const { url } = await serve();
  const viewer = await client(url);
  await viewer.play();
  expect((await viewer.ask('SETUP', { Transport }, `${url}/${track}`)).status).toBe(status);
});

test('a session goes all by UDP or all inside its connection', async () => {
  const { url } = await serve({ sound: await streetSound('pcma', new AbortController().signal) });
  const viewer = await client(url);
  await viewer.play();
  const { transport } = await udpPorts();
  expect((await viewer.ask('SETUP', { Transport: transport }, `${url}/trackID=1`)).status).toBe(461);
});

test('a session inside a connection ends with it', async () => {
  const { camera, url } = await serve();
  const first = await client(url);
  const { headers } = await first.play();
  const gone = camera.next('disconnected');
  first.close();
  await gone;
  expect(camera.viewerCount).toBe(0);
  const second = await client(url);
  expect((await second.ask('PLAY', { Session: headers.get('session') ?? '' })).status).toBe(454);
});

test('a camera whose first second begins with its first client announces the time of its first picture', async () => {
  const { url } = await serve({ startOn: 'first-play' });
  const viewer = await client(url);
  const { headers } = await viewer.play();
  const { sequence, timestamp } = await viewer.rtp();
  expect(headers.get('rtp-info')).toContain(`seq=${sequence};rtptime=${timestamp}`);
});

describe('a client of another kind', () => {
  test('that ends its lines with LF alone is answered', async () => {
    const { url } = await serve();
    const viewer = await client(url);
    viewer.socket.write(`DESCRIBE ${url} RTSP/1.0\nCSeq: 3\n\n`);
    const { status, headers } = await viewer.answer();
    expect([status, headers.get('cseq')]).toEqual([200, '3']);
  });

  test('that speaks another version is told so under the number of its request', async () => {
    const { url } = await serve();
    const viewer = await client(url);
    viewer.socket.write(`OPTIONS ${url} RTSP/2.0\r\nCSeq: 41\r\n\r\n`);
    const { status, headers } = await viewer.answer();
    expect([status, headers.get('cseq')]).toEqual([505, '41']);
    await viewer.closed();
  });

  test.each(['Require', 'Proxy-Require'])(
    'that cannot do without a feature learns by %s that it is not there, and can go on without',
    async (header) => {
      const { url } = await serve();
      const viewer = await client(url);
      const feature = 'www.onvif.org/ver20/backchannel';
      const { status, headers } = await viewer.ask('DESCRIBE', { [header]: feature });
      expect([status, headers.get('unsupported')]).toEqual([551, feature]);
      expect((await viewer.ask('DESCRIBE')).status).toBe(200);
    },
  );
});

describe('other clients keep playing', () => {
  test('while some send garbage, half a request, or everything at once', async () => {
    const { camera, url } = await serve();
    const viewer = await client(url);
    await viewer.play();
    const garbage = await client(url);
    garbage.socket.write('\x16\x03\x01\x02garbage');
    const half = await client(url);
    half.socket.write('DESCRIBE rtsp://');
    const hasty = await client(url);
    hasty.socket.write(`OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n`.repeat(50));
    for (let i = 0; i < 50; i++) expect((await hasty.answer()).status).toBe(200);
    expect((await garbage.answer()).status).toBe(400);
    await garbage.closed();
    await camera.next('keyframe');
    await viewer.rtp();
  });

  test('while ten thousand connect: what is over the limit is closed at once', async () => {
    const { camera, url } = await serve({}, { maxConnections: 20 });
    const viewer = await client(url);
    await viewer.play();
    const { port } = new URL(url);
    const open = new Set<Socket>();
    ends.push(() => {
      for (const socket of open) socket.destroy();
    });
    // Nineteen places are left; everybody else is let go.
    const batch = 500;
    for (let connected = 0; connected < 10_000; connected += batch) {
      const all = Array.from({ length: batch }, () => connect(Number(port), '127.0.0.1'));
      const left = Promise.withResolvers<void>();
      for (const socket of all) {
        open.add(socket);
        socket.resume().on('error', () => {});
        socket.on('close', () => {
          open.delete(socket);
          if (open.size === 19) left.resolve();
        });
      }
      await left.promise;
    }
    expect(open.size).toBe(19);
    await camera.next('keyframe');
    viewer.packets.length = 0;
    await viewer.rtp();
  });

  test('a reader that does not read costs bounded memory, and gets whole groups of pictures when it reads again', async () => {
    const heavy: Clip = {
      ...clip,
      units: clip.units.map((unit) => ({
        ...unit,
        nals: [...unit.nals, Buffer.concat([Buffer.from([0x06]), Buffer.alloc(1024 * 1024, 0x55)])],
      })),
    };
    const { camera, url } = await serve({ timeline: Timeline.looping(heavy) });
    const viewer = await client(url);
    await viewer.play();
    viewer.socket.pause();
    const sent = { keyframes: 0 };
    camera.on('keyframe', () => sent.keyframes++);
    while (sent.keyframes < 4) await camera.next('keyframe');
    viewer.socket.resume();
    const seen: number[] = [];
    let bytes = 0;
    let gapFollowedBy: number | null | undefined;
    let lastTime: number | null = null;
    while (gapFollowedBy === undefined) {
      const packet = await viewer.rtp();
      bytes += packet.payload.length;
      if (lastTime !== null && packet.timestamp !== lastTime) {
        const step = (packet.timestamp - lastTime) >>> 0;
        seen.push(step);
        if (step > 3600) gapFollowedBy = nalTypeOf(packet.payload);
      }
      lastTime = packet.timestamp;
    }
    expect(gapFollowedBy).toBe(7);
    // The bound, one group of pictures over it, and what the kernel's buffers hold.
    expect(bytes).toBeLessThan(MAX_BACKLOG_BYTES + 24 * 1024 * 1024);
  });
});
