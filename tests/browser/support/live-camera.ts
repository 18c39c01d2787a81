/** The agent's end of a live view: MPEG-1 in MPEG-TS, made by ffmpeg, pushed into the gateway's websocket. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';

const PACKET = 188;

export interface LiveCamera {
  stop(): Promise<void>;
}

/** Resolves once the first packets have been sent. */
export async function startLiveCamera(url: string, token: string): Promise<LiveCamera> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
  await once(socket, 'open');
  const picture = 'testsrc2=size=640x360:rate=25';
  const args = [
    '-v',
    'error',
    '-re',
    '-f',
    'lavfi',
    '-i',
    picture,
    '-c:v',
    'mpeg1video',
    '-f',
    'mpegts',
    '-',
  ];
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(ffmpeg, 'close');
  let rest = Buffer.alloc(0);
  ffmpeg.stdout.on('data', (chunk: Buffer) => {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % PACKET);
    rest = bytes.subarray(whole);
    if (whole > 0 && socket.readyState === WebSocket.OPEN) socket.send(bytes.subarray(0, whole));
  });
  await once(ffmpeg.stdout, 'data');
  return {
    stop: async () => {
      ffmpeg.kill();
      await ended;
      socket.close();
    },
  };
}
