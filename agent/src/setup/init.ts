/** `roadwatch-agent init`: from a bare box to a configuration with its cameras, paired with its gateway. All of it, or nothing. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Credentials, Semaphore } from '@roadwatch/common';
import { readPairingCode } from '@roadwatch/contract';
import sharp from 'sharp';
import { checkConfigToPair } from '../config/config.ts';
import { ffmpegProblem, ffmpegVersion } from '../ffmpeg/probe.ts';
import { pairBox } from '../identity/pair.ts';
import { causeInChinese, type Language, SaidError, type Words } from '../language.ts';
import { boxConfig, cameraIds, type NewCamera } from './box-config.ts';
import { type LoginSource, readCameraLogin } from './camera-login.ts';
import { type Candidate, findCameras, type Places, type Refused } from './find-cameras.ts';
import { type InspectedCamera, inspectCamera } from './inspect-camera.ts';
import { type NewFile, NewFiles, refuseExisting, refuseUnwritable } from './new-files.ts';
import { roadSvg } from './road-svg.ts';
import { asServiceUser, type ServiceUser, serviceUserOf } from './service-user.ts';
import { exampleDataDir, isUntouchedExample } from './shipped-example.ts';
import { suggestRoad } from './suggest-road.ts';
import { ask, isInteractive } from './terminal.ts';

export interface InitOptions extends LoginSource, Places {
  /** The file to write. */
  readonly config: string;
  /** Where data goes; left out, where the example that is replaced has it, else `data` beside the configuration. */
  readonly dataDir?: string | undefined;
  /** The service that the package has begun with, to be started afterwards. */
  readonly service?: string | undefined;
  readonly code?: string | undefined;
  readonly codeFile?: string | undefined;
  readonly gatewayCaFile?: string | undefined;
  readonly dryRun: boolean;
}

/** Where what is told to a person goes; the configuration of a dry run goes to `print`. */
export interface Told {
  say(words: Words): void;
  print(text: string): void;
}

const INSPECTED_AT_ONCE = 4;
const PASSWORD_FILE = 'camera-password';
const PICTURES = 'camera-pictures';
/** Pictures with a road in them are for a screen. */
const SHOWN_WIDTH = 1280;

/** Throws one sentence, or the signal's reason, with nothing written. */
export async function initBox(
  options: InitOptions,
  language: Language,
  told: Told,
  signal: AbortSignal,
): Promise<void> {
  const folder = dirname(resolve(options.config));
  const passwordFile = join(folder, PASSWORD_FILE);
  if (!options.dryRun) refuseUnwritable(folder);
  const replaces = isUntouchedExample(options.config);
  refuseExisting([...(replaces ? [] : [options.config]), passwordFile, join(folder, PICTURES)]);
  const dataDir =
    options.dataDir === undefined ? (replaces ? exampleDataDir() : './data') : resolve(options.dataDir);
  const user = serviceUserOf(resolve(folder, dataDir));
  const version = await ffmpegVersion();
  const unusable = ffmpegProblem(version);
  if (unusable !== null)
    throw new SaidError({
      en: unusable,
      zh: `${version === null ? '未安装 ffmpeg' : `ffmpeg ${version} 版本过旧`}；需要 5.1 或更新（Debian：apt-get install ffmpeg）`,
    });
  const code = await pairingCode(options, language, signal);
  const candidates = await look(options, told, signal);
  const login = await readCameraLogin(options, language, signal);
  const cameras = await inspect(candidates, { login, user }, told, signal);
  const { site, agent } = code.read;
  const text = boxConfig({
    ...{ site, agent, cameras, username: login?.username ?? null, passwordFile: PASSWORD_FILE },
    ...{ picturesFolder: PICTURES, dataDir },
    gatewayCaFile: options.gatewayCaFile === undefined ? null : resolve(options.gatewayCaFile),
  });
  if (options.dryRun) {
    told.print(text);
    told.say({ en: 'dry run: nothing was written, nothing was paired', zh: '试运行：未写入文件，未配对' });
    return;
  }
  const files = new NewFiles(
    [
      ...(await picturesOf(cameras, join(folder, PICTURES))),
      ...(login === null ? [] : [{ path: passwordFile, content: `${login.password.reveal()}\n` }]),
      { path: options.config, content: text, replaces },
    ],
    user,
  );
  try {
    checkConfigToPair(text, files.aside(options.config));
    signal.throwIfAborted();
    files.place();
    try {
      const box = { site, agent, dataDir: resolve(folder, dataDir), caFile: options.gatewayCaFile };
      const { gatewayUrl } = await asServiceUser(user, () => pairBox(box, code.text, signal));
      const start =
        options.service === undefined
          ? `roadwatch-agent --config ${options.config}`
          : `sudo systemctl start ${options.service}`;
      told.say({
        en: `${site}/${agent} is paired with ${gatewayUrl}; ${options.config} is written, with ${cameras.length} camera(s). Start it: ${start}`,
        zh: `${site}/${agent} 已与 ${gatewayUrl} 配对；已写入 ${options.config}，共 ${cameras.length} 台摄像机。启动：${start}`,
      });
    } catch (error) {
      files.takeBack();
      throw error;
    }
  } finally {
    files.close();
  }
}

/** Given, or asked; which box this is stands in it. */
async function pairingCode({ code, codeFile }: InitOptions, language: Language, signal: AbortSignal) {
  if (code !== undefined && codeFile !== undefined)
    throw new SaidError({
      en: 'give either --code or --code-file',
      zh: '--code 与 --code-file 只能给其中一个',
    });
  let text = code;
  if (codeFile !== undefined) text = readCodeFile(codeFile);
  if (text === undefined && isInteractive())
    text = await ask(
      {
        en: "Pairing code (console, agents, 'Pair a box'): ",
        zh: '配对码（控制台“边缘节点”页“配对设备”）：',
      }[language],
      signal,
    );
  if (text === undefined)
    throw new SaidError({
      en: '--code-file FILE is needed: the pairing code that the console shows under Agents',
      zh: '需要 --code-file 文件：控制台“边缘节点”页显示的配对码',
    });
  const read = readPairingCode(text);
  if (read === null)
    throw new SaidError({
      en: 'that is not a pairing code; the console makes one under Agents',
      zh: '这不是配对码；请在控制台“边缘节点”页生成',
    });
  return { text, read };
}

function readCodeFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new SaidError({
      en: `--code-file ${file}: cannot be read (${code})`,
      zh: `--code-file ${file}：无法读取（${causeInChinese(code)}）`,
    });
  }
}

async function look(options: InitOptions, told: Told, signal: AbortSignal): Promise<readonly Candidate[]> {
  if (options.discover)
    told.say({ en: 'looking for cameras on the local network ...', zh: '正在局域网内查找摄像机……' });
  const { candidates, refused } = await findCameras(options, signal);
  for (const { host, words } of refused) told.say(about(host, words));
  if (candidates.length === 0)
    throw new SaidError({
      en: 'no camera was found; is this box on their network? Name them with --camera ADDRESS, or their range with --range 192.168.1.0/24',
      zh: '未找到摄像机；本机是否在摄像机所在网络？可用 --camera 地址 或 --range 192.168.1.0/24 指定',
    });
  told.say({ en: `${candidates.length} camera(s) found`, zh: `找到 ${candidates.length} 台摄像机` });
  return candidates;
}

async function inspect(
  candidates: readonly Candidate[],
  access: { readonly login: Credentials | null; readonly user: ServiceUser | null },
  told: Told,
  signal: AbortSignal,
): Promise<readonly NewCamera[]> {
  const places = new Semaphore(INSPECTED_AT_ONCE);
  const found = await Promise.all(
    candidates.map(async (candidate) => {
      const free = await places.acquire();
      try {
        return await inspectCamera(candidate, access, signal);
      } finally {
        free();
      }
    }),
  );
  for (const { host, words } of found.flatMap((one): readonly Refused[] => one.refused))
    told.say(about(host, words));
  const all = found.flatMap((one): readonly InspectedCamera[] => one.cameras);
  // One that was found and named, too, or that answers at two ports.
  const cameras = all.filter(({ url }, index) => all.findIndex((other) => other.url === url) === index);
  if (cameras.length === 0)
    throw new SaidError({
      en: 'none of the cameras shows a picture; nothing was written',
      zh: '没有摄像机显示画面；未写入任何文件',
    });
  const ids = cameraIds(cameras);
  return Promise.all(
    cameras.map(async (camera, index) => {
      const { size, codec } = camera.look;
      const what = `${codec}, ${Math.round(size.width)} x ${Math.round(size.height)}`;
      const main = camera.detectUrl === null;
      told.say({
        en: `${camera.host}: shows a picture (${[camera.name, what].filter(Boolean).join(', ')}${main ? '' : ', with a sub-stream'})`,
        zh: `${camera.host}：有画面（${[camera.name, what].filter(Boolean).join('，')}${main ? '' : '，含子码流'}）`,
      });
      return { ...camera, id: ids[index] as string, road: await suggestRoad(camera.look.picture) };
    }),
  );
}

/** Each camera's picture, and beside it one with the suggested road. */
async function picturesOf(cameras: readonly NewCamera[], folder: string): Promise<NewFile[]> {
  const files = await Promise.all(
    cameras.map(async ({ id, look: { picture }, road }): Promise<NewFile[]> => {
      const plain = { path: join(folder, `${id}.jpg`), content: picture };
      if (road === null) return [plain];
      const { data, info } = await sharp(picture)
        .resize({ width: SHOWN_WIDTH, withoutEnlargement: true })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const drawn = await sharp(data, { raw: info })
        .composite([{ input: roadSvg(road, info) }])
        .jpeg({ quality: 80 })
        .toBuffer();
      return [plain, { path: join(folder, `${id}-road.jpg`), content: drawn }];
    }),
  );
  return files.flat();
}

function about(host: string, words: Words): Words {
  return { en: `${host}: left out: ${words.en}`, zh: `${host}：未加入：${words.zh}` };
}
