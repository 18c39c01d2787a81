/** From what a person writes after `--source` to cameras: a video, a picture, a folder of pictures, `scene:NAME`, a scenario. */
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { probe } from '../media/probe.ts';
import { UnusableSourceError } from '../media/process.ts';
import { readScenario } from '../scenario/read.ts';
import { PICTURE_EXTENSIONS, pictureSource, slideshow } from './picture.ts';
import { scenarioSource } from './scenario.ts';
import { type CameraSource, keyframesOf, type SourceOptions, slug } from './source.ts';
import { sceneSource } from './street.ts';
import { withSubStream } from './sub-stream.ts';
import { videoSource } from './video.ts';

const SCENE_PREFIX = 'scene:';
const SCENARIO_EXTENSIONS = new Set(['.yaml', '.yml']);
const MAX_FOLDER_CAMERAS = 500;

/**
 * The cameras of one source.
 * @throws UnusableSourceError with a reason in one line
 */
export async function openSource(source: string, options: SourceOptions): Promise<CameraSource[]> {
  const cameras: CameraSource[] = [];
  for (const camera of await openMain(source, options)) {
    cameras.push(await withSubStream(camera, camera.subStream ?? options.subStream, options.signal));
  }
  return cameras;
}

async function openMain(source: string, options: SourceOptions): Promise<CameraSource[]> {
  const as = options.as ?? options.asOtherwise;
  const plain = { ...options, encoder: { ...keyframesOf(as), ...options.encoder } };
  const named = (camera: CameraSource): CameraSource => ({ ...camera, ...(as && { as }) });
  if (source.startsWith(SCENE_PREFIX))
    return [named(await sceneSource(source.slice(SCENE_PREFIX.length), plain))];
  const info = await stat(source).catch((error: NodeJS.ErrnoException) => {
    throw new UnusableSourceError(
      error.code === 'ENOENT' ? `${source}: no such file or folder` : `${source}: ${error.message}`,
    );
  });
  if (info.isDirectory()) return (await openFolder(source, plain)).map(named);
  if (!info.isFile()) throw new UnusableSourceError(`${source}: neither a file nor a folder`);
  if (SCENARIO_EXTENSIONS.has(extname(source).toLowerCase())) {
    const scenario = await readScenario(source);
    return [await scenarioSource(scenario, { ...options, seed: scenario.seed })];
  }
  if (info.size === 0) throw new UnusableSourceError(`${source}: the file is empty`);
  return [named(await openFile(source, plain))];
}

async function openFile(file: string, options: SourceOptions): Promise<CameraSource> {
  const video = await probe(file, options.signal);
  return PICTURE_EXTENSIONS.has(extname(file).toLowerCase())
    ? pictureSource(file, video, options)
    : videoSource(file, video, options);
}

async function openFolder(folder: string, options: SourceOptions): Promise<CameraSource[]> {
  const names = (await readdir(folder)).filter((name) => PICTURE_EXTENSIONS.has(extname(name).toLowerCase()));
  if (names.length === 0) {
    throw new UnusableSourceError(`${folder}: no pictures in it (${[...PICTURE_EXTENSIONS].join(' ')})`);
  }
  if (names.length > MAX_FOLDER_CAMERAS) {
    throw new UnusableSourceError(`${folder}: ${names.length} pictures, at most ${MAX_FOLDER_CAMERAS}`);
  }
  const files = names.sort().map((name) => join(folder, name));
  if (options.dwellSeconds === undefined) {
    const cameras: CameraSource[] = [];
    for (const file of files) cameras.push(await openFile(file, options));
    return cameras;
  }
  const pictures = [];
  for (const file of files) pictures.push({ file, picture: await probe(file, options.signal) });
  return [await slideshow(slug(basename(folder)), pictures, options.dwellSeconds, options)];
}
