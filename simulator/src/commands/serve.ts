/** The default command: opens the sources, serves them, prints their URLs, runs until it is told to end. */
import { logRecordOptions, logUncaught } from '@roadwatch/common';
import type { Command } from 'commander';
import { Option } from 'commander';
import { type Logger, pino } from 'pino';
import { announceDamage } from '../announce.ts';
import { NONCE_SECONDS, SESSION_SECONDS } from '../camera/access.ts';
import { MAKER_NAMES } from '../camera/makers/known.ts';
import { Pace } from '../camera/pace.ts';
import { scheduleFaults } from '../camera/schedule.ts';
import { type ControlServer, startControl } from '../control.ts';
import { cached, defaultCacheDir } from '../media/cache.ts';
import { SOUND_CODECS } from '../media/sound.ts';
import type { RunningOnvif } from '../onvif/responder.ts';
import { fingerprintOf, readKeys, selfMadeKeys } from '../rtsp/certificate.ts';
import { RtspServer, type RtspServerOptions } from '../rtsp/server.ts';
import { VERSION } from '../version.ts';
import { type CameraFlags, type OpenedCamera, openCameras } from './cameras.ts';
import { onvifSide } from './onvif.ts';
import { collect, fault, number, schemes, size } from './options.ts';

interface ServeFlags extends CameraFlags {
  readonly host: string;
  readonly port: number;
  readonly control?: number;
  readonly onvif?: number;
  readonly discoverable?: boolean;
  readonly maxConnections: number;
  readonly tlsPort?: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

export function addServeCommand(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('play sources as RTSP cameras; prints one URL a line')
    .option(
      '--source <path>',
      'video, picture, folder of pictures, scene:NAME or scenario file; repeatable',
      collect,
    )
    .option('--list <file>', 'YAML list of cameras, each with settings of its own')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 takes any free one', number(0, 65535, true), 8554)
    .option(
      '--tls-port <n>',
      'serve in TLS (rtsps) too, at this port; 0 takes any free one',
      number(0, 65535, true),
    )
    .option(
      '--tls-cert <file>',
      'certificate (PEM) to show there; one is made and kept in --cache without it',
    )
    .option('--tls-key <file>', 'its key (PEM)')
    .option('--cameras <n>', 'cameras for each source, on paths NAME, NAME-2, ...', number(1, 1000, true), 1)
    .option('--dwell <seconds>', 'show the pictures of a folder one after another', number(0.5, 86_400))
    .addOption(
      new Option('--still <how>', 'a picture sways and has noise like a camera, or is plain')
        .choices(['camera', 'plain'])
        .default('camera'),
    )
    .option('--user <name>', 'ask for a login; the password from --password-file')
    .option('--password-file <file>', 'file with the password (or ROADWATCH_CAMERA_PASSWORD)')
    .option(
      '--login <schemes>',
      'how it is asked for: basic, digest-md5, digest-sha256, several parted by commas (default: digest-md5)',
      schemes,
    )
    .option(
      '--nonce-seconds <n>',
      'after so long a nonce of Digest is stale (default: 300)',
      number(NONCE_SECONDS.minimum, NONCE_SECONDS.maximum),
    )
    .option(
      '--session-seconds <n>',
      'without a sign of life a session is over after so long (default: 60)',
      number(SESSION_SECONDS.minimum, SESSION_SECONDS.maximum, true),
    )
    .addOption(new Option('--codec <name>', 'encode anew').choices(['h264', 'h265']))
    .option('--fps <n>', 'pictures a second', number(1, 60))
    .option('--gop <seconds>', 'seconds between keyframes', number(0.1, 60))
    .option('--bitrate <kbps>', 'kilobits a second', number(50, 100_000, true))
    .option('--size <WxH>', 'picture size', size)
    .option('--sub-stream <WxH>', 'a second, smaller stream of each camera, at URL/sub', size)
    .option('--sub-bitrate <kbps>', 'kilobits a second of the sub-stream', number(50, 100_000, true))
    .addOption(
      new Option('--audio <codec>', 'a second track with the sound of the street').choices(SOUND_CODECS),
    )
    .option('--metadata', 'a track beside the pictures that tells of them, as ONVIF has it')
    .addOption(
      new Option(
        '--as <maker>',
        'show itself as the cameras of a maker: addresses, login, description, keyframes',
      ).choices(MAKER_NAMES),
    )
    .option('--seed <n>', 'the same seed gives the same street', number(0, 2 ** 31 - 1, true), 1)
    .option('--clock-offset <ms>', 'how far the camera clock is wrong', number(-86_400_000, 86_400_000), 0)
    .option(
      '--fault <kind>',
      'what is wrong with every camera from the beginning, such as freeze or packet-loss:rate=0.05; repeatable',
      fault,
    )
    .option('--wait-for-client', 'the first second begins when the first client plays')
    .option(
      '--stagger <seconds>',
      'of the cameras of one source, each shows what there is in the beginning so much longer than the one before',
      number(0, 3600),
    )
    .option('--cache <dir>', 'folder for rendered streets', defaultCacheDir())
    .option('--no-cache', 'keep nothing')
    .option(
      '--control <port>',
      'HTTP on loopback that begins and ends faults; 0 takes any free port',
      number(0, 65535, true),
    )
    .option(
      '--onvif <port>',
      'an ONVIF side of each camera, at this port and the ones after it; 0 takes any free ports',
      number(0, 65535, true),
    )
    .option('--discoverable', 'with --onvif: answer those who look for cameras on the network of --host')
    .option('--max-connections <n>', 'connections beyond this are closed', number(1, 20_000, true), 2000)
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const log = pino(
    logRecordOptions({ name: 'roadwatch-simulator', version: VERSION }),
    pino.destination({ fd: 2, sync: true }),
  );
  logUncaught(log);
  const ending = new AbortController();
  const end = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'ending');
    ending.abort();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  try {
    if (flags.discoverable && flags.onvif === undefined) throw new Error('--discoverable needs --onvif');
    const pace = new Pace();
    const opened = await openCameras(flags, pace, ending.signal);
    const cameras = opened.map(({ camera }) => camera);
    const tls = await tlsOf(flags);
    const server = new RtspServer(cameras, { ...flags, ...(tls && { tls }) });
    for (const { camera, faults } of opened) {
      camera.on('playing', (client) => log.info({ camera: camera.path, client }, 'playing'));
      camera.on('disconnected', (client) => log.info({ camera: camera.path, client }, 'disconnected'));
      camera.on('fault-begun', (fault) => log.info({ camera: camera.path, fault }, 'fault begun'));
      camera.on('fault-ended', (fault) => log.info({ camera: camera.path, fault }, 'fault ended'));
      for (const fault of faults) await camera.beginFault(fault);
    }
    await server.start();
    for (const { main, sub } of cameras) {
      for (const stream of sub === null ? [main] : [main, sub])
        for (const url of [server.urlOf(stream), server.secureUrlOf(stream) ?? []].flat())
          process.stdout.write(`${url}\n`);
    }
    const fingerprint = tls === undefined ? {} : { fingerprint: fingerprintOf(tls.cert) };
    log.info({ cameras: cameras.length, port: server.port, ...fingerprint }, 'serving');
    const told = opened.map((entry) => tell(entry, ending.signal, log));
    let control: ControlServer | null = null;
    const onvif: RunningOnvif[] = [];
    try {
      if (flags.onvif !== undefined)
        for (const [index, entry] of opened.entries()) {
          const port = flags.onvif === 0 ? 0 : flags.onvif + index;
          onvif.push(
            await onvifSide(entry, (stream) => server.urlOf(stream), { ...flags, port }, ending.signal),
          );
          log.info({ camera: entry.camera.path, address: onvif.at(-1)?.address }, 'onvif');
        }
      if (flags.control !== undefined) {
        control = await startControl(cameras, (stream) => server.urlOf(stream), flags.control, pace);
        log.info({ url: `http://127.0.0.1:${control.port}` }, 'control');
      }
      await Promise.race([aborted(ending.signal), Promise.all(told).then(() => aborted(ending.signal))]);
    } finally {
      for (const camera of cameras) camera.stop();
      await Promise.all([server.stop(), control?.stop(), ...onvif.map((side) => side.stop())]);
    }
  } catch (error) {
    // Told to end while still opening: that is no failure.
    if (!ending.signal.aborted) throw error;
  } finally {
    process.off('SIGTERM', end);
    process.off('SIGINT', end);
  }
}

/** The certificate of the command line, or one of its own, which is kept so that a client may pin it. */
async function tlsOf(flags: ServeFlags): Promise<RtspServerOptions['tls']> {
  const { tlsPort: port, tlsCert, tlsKey, cache, host } = flags;
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new Error('--tls-cert and --tls-key belong together');
  if (port === undefined) {
    if (tlsCert !== undefined) throw new Error('--tls-cert needs --tls-port');
    return undefined;
  }
  if (tlsCert === undefined || tlsKey === undefined) {
    const dir = cache === false ? null : cache;
    return { ...(await cached(dir, { certificate: 1, host }, () => selfMadeKeys(host))), port };
  }
  return { ...(await readKeys(tlsCert, tlsKey)), port };
}

/** What its source says of a camera: its film once that is made, its faults, its damage. */
async function tell({ camera, source }: OpenedCamera, signal: AbortSignal, log: Logger): Promise<void> {
  scheduleFaults(camera, source.faults ?? [], signal, (error) => log.error({ camera: camera.path, error }));
  const complete = await (source.complete ?? source);
  announceDamage(camera, complete, signal, log);
  if (complete !== source) camera.begin(complete);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
