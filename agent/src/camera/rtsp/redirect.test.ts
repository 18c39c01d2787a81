import { expect, test } from 'vitest';
import { type CameraAccess, parseAddress } from './access.ts';
import { MAX_REDIRECTS, redirected } from './redirect.ts';

function access(url: string, redirectTo: readonly string[] = []): CameraAccess {
  const address = parseAddress(url);
  if (address === null) throw new Error(url);
  return {
    ...{ address, login: null, allowBasic: false, redirectTo, transport: 'tcp' },
    tls: { ca: null, fingerprint: null },
  };
}

const CAMERA = 'rtsp://10.0.0.5:8554/live';
const ALLOWED = ['10.0.0.6:9000', '[fd00::7]:554', 'relay.example'];

test.each([
  ['rtsp://10.0.0.5:8554/other', []],
  ['rtsp://10.0.0.6:9000/a?b=c', ALLOWED],
  ['rtsp://[fd00::7]/x', ALLOWED],
  ['rtsps://relay.example/x', ALLOWED],
])('%s is followed', (location, redirectTo) => {
  const { address, ...rest } = access(CAMERA, redirectTo);
  expect(redirected({ address, ...rest }, address, location, 0).uri).toBe(location);
});

test.each([
  ['another port of the camera', 'rtsp://10.0.0.5:22/x', /10\.0\.0\.5:22.+redirectTo/],
  ['the same port by another name', 'rtsp://10.0.0.5.:8554/x', /redirectTo/],
  ['another machine', 'rtsp://10.0.0.9:8554/x', /"10\.0\.0\.9:8554" to redirectTo/],
  ['a port that is not named', 'rtsp://10.0.0.6:9001/x', /redirectTo/],
  ['any port of a name without one', 'rtsp://relay.example:2222/x', /redirectTo/],
  ['the web', 'http://10.0.0.5:8554/x', /no rtsp:/],
  ['a file', 'file:///etc/passwd', /no rtsp:/],
  ['nothing', '', /no rtsp:/],
  ['itself', CAMERA, /in a circle/],
])('%s is not followed, and the reason says what to do', (_, location, reason) => {
  const from = access(CAMERA, ALLOWED);
  expect(() => redirected(from, from.address, location, 0)).toThrow(reason);
});

test('from TLS to the clear is not followed, and no more than a few in a row', () => {
  const secure = access('rtsps://10.0.0.5/live', ['10.0.0.5']);
  expect(() => redirected(secure, secure.address, 'rtsp://10.0.0.5/live', 0)).toThrow('rtsps:// to rtsp://');
  const from = access(CAMERA);
  const next = 'rtsp://10.0.0.5:8554/next';
  expect(() => redirected(from, from.address, next, MAX_REDIRECTS)).toThrow('in a circle');
});

test('who is sent on keeps no user name in the request', () => {
  const from = access(CAMERA);
  expect(redirected(from, from.address, 'rtsp://u:p@10.0.0.5:8554/x', 0).uri).toBe('rtsp://10.0.0.5:8554/x');
});
