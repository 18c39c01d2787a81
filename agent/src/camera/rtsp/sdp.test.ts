import { expect, test } from 'vitest';
import { chooseVideo } from './sdp.ts';

const BASE = 'rtsp://10.0.0.5/cam?channel=1';
const H264 = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=1'];

function sdp(...lines: string[]): string {
  return ['v=0', 's=x', 'a=control:*', ...lines, ''].join('\r\n');
}

test.each([
  ['a relative track', 'a=control:trackID=1', `${BASE}/trackID=1`],
  ['an absolute track', 'a=control:rtsp://192.168.1.64:554/track1', 'rtsp://192.168.1.64:554/track1'],
  ['no track of its own', 'a=x:y', BASE],
  ['the whole', 'a=control:*', BASE],
])('%s is set up at its address', (_, line, uri) => {
  expect(chooseVideo(sdp(...H264, line), BASE)).toMatchObject({ codec: 'H264', uri, playUri: BASE });
});

test('the first track of video that is known is taken, whatever comes before it', () => {
  const audio = ['m=audio 0 RTP/AVP 8', 'a=control:audio'];
  const metadata = ['m=application 0 RTP/AVP 107', 'a=rtpmap:107 vnd.onvif.metadata/90000'];
  const vp8 = ['m=video 0 RTP/AVP 100', 'a=rtpmap:100 VP8/90000', 'a=control:vp8'];
  const hevc = ['m=video 0 RTP/AVP 98', 'a=rtpmap:98 H265/90000', 'a=control:hevc'];
  const { codec, uri } = chooseVideo(sdp(...audio, ...metadata, ...vp8, ...hevc), 'rtsp://c/');
  expect([codec, uri]).toEqual(['H265', 'rtsp://c/hevc']);
});

test('a still-picture stream needs no map: its payload type says it', () => {
  expect(chooseVideo(sdp('m=video 0 RTP/AVP 26'), BASE).codec).toBe('JPEG');
});

test('ffmpeg is told nothing of what the camera wrote but the parameters of the codec', () => {
  const hostile = ['a=rtpmap:97 X-QT/90000', 'a=x-dimensions:99999,99999', 'i=%s%n', 'c=IN IP4 10.9.9.9'];
  const { description } = chooseVideo(sdp(...H264, ...hostile), BASE);
  expect(description.split('\r\n')).toEqual([
    ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=camera', 'c=IN IP4 0.0.0.0', 't=0 0', 'm=video 0 RTP/AVP 96'],
    ...['a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=1', 'a=control:trackID=0', ''],
  ]);
});

test.each([
  ['sound alone', ['m=audio 0 RTP/AVP 8'], 'the stream carries no video'],
  ['nothing', [], 'the stream carries no video'],
  [
    'a codec that is not known',
    ['m=video 0 RTP/AVP 100', 'a=rtpmap:100 theora/90000'],
    'the camera sends theora; set it to H.264 or H.265',
  ],
  [
    'a track that would break the request',
    [...H264, 'a=control:track 1 RTSP/1.0'],
    'the camera describes its stream in a way that cannot be read',
  ],
])('%s is refused by name', (_, lines, reason) => {
  expect(() => chooseVideo(sdp(...lines), BASE)).toThrow(reason);
});
