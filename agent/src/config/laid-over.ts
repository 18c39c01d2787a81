/** The configuration of a box with what its gateway has set laid over it: all that fits the box, and why the rest does not. */
import { SecretUrl } from '@roadwatch/common';
import { type AddedCamera, type BoxProblem, type BoxSettings, MAX_CAMERAS } from '@roadwatch/contract';
import type { CameraLogin, ResolvedConfig } from './config.ts';
import { mayGoTo } from './login-hosts.ts';
import type { CameraConfig } from './schema.ts';

interface LaidOver {
  readonly config: ResolvedConfig;
  /** Empty: all of it counts. */
  readonly problems: readonly BoxProblem[];
}

export const NOT_TAKEN: BoxProblem = {
  path: 'takeSettings',
  en: 'is false in the configuration of the box, which alone counts',
  zh: '设备配置中为 false，仅以设备配置为准',
};

/** `values`: as `boxSettingsProblems` finds nothing to mend in. */
export function layOver(own: ResolvedConfig, values: BoxSettings): LaidOver {
  if (!own.takeSettings) return { config: own, problems: [NOT_TAKEN] };
  const problems: BoxProblem[] = [];
  const {
    look,
    gate,
    verify,
    ring,
    evidence,
    uplink,
    outbox,
    log,
    updates,
    cameras = [],
    added = [],
  } = values;
  const known = new Map(own.cameras.map((camera) => [camera.id, camera]));
  for (const [index, { id, ...change }] of cameras.entries()) {
    const camera = known.get(id);
    if (camera === undefined) problems.push(unknownCamera(`cameras[${index}].id`, id));
    else known.set(id, { ...camera, ...change });
  }
  for (const [index, camera] of added.entries()) {
    const found = addedCamera(camera, own.logins, `added[${index}]`);
    if (known.has(camera.id)) problems.push(idTaken(`added[${index}].id`, camera.id));
    else if (known.size >= MAX_CAMERAS) problems.push(tooMany(`added[${index}]`));
    else if ('problems' in found) problems.push(...found.problems);
    else known.set(camera.id, found);
  }
  return {
    config: {
      ...own,
      look: { ...own.look, ...look },
      gate: { ...own.gate, ...gate },
      verify: { ...own.verify, ...verify },
      ring: { ...own.ring, ...ring },
      evidence: { ...own.evidence, ...evidence },
      uplink: { ...own.uplink, ...uplink },
      outbox: { ...own.outbox, ...outbox },
      log: { ...own.log, ...log },
      updates: { ...own.updates, ...updates },
      cameras: [...known.values()],
    },
    problems,
  };
}

function addedCamera(
  { login: name, url, detectUrl, enabled = true, farPass = false, transport = 'tcp', ...camera }: AddedCamera,
  logins: readonly CameraLogin[],
  at: string,
): CameraConfig | { readonly problems: readonly BoxProblem[] } {
  const login = logins.find((entry) => entry.name === name);
  if (name !== undefined && login === undefined) return { problems: [unknownLogin(`${at}.login`, name)] };
  const addresses = { url, ...(detectUrl === undefined ? {} : { detectUrl }) };
  const forbidden = Object.entries(addresses).flatMap(([key, address]) =>
    login === undefined || mayGoTo(login.hosts, hostOf(address))
      ? []
      : [hostForbidden(`${at}.${key}`, login)],
  );
  if (forbidden.length > 0) return { problems: forbidden };
  return {
    ...camera,
    ...{ enabled, farPass, transport, allowBasic: false, redirectTo: [], masks: [] },
    ...{ keepAddedMasks: true, takeSettings: true },
    url: withLogin(url, login),
    ...(detectUrl === undefined ? {} : { detectUrl: withLogin(detectUrl, login) }),
  };
}

function hostOf(address: string): string {
  return new URL(address).hostname.replace(/^\[|\]$/g, '');
}

function withLogin(address: string, login: CameraLogin | undefined): SecretUrl {
  if (login === undefined) return new SecretUrl(address);
  const url = new URL(address);
  url.username = encodeURIComponent(login.username);
  url.password = encodeURIComponent(login.password.reveal());
  return new SecretUrl(url.href);
}

function unknownCamera(path: string, id: string): BoxProblem {
  return {
    path,
    en: `the file of the box has no camera ${id}`,
    zh: `设备配置文件中没有摄像机 ${id}`,
  };
}

function idTaken(path: string, id: string): BoxProblem {
  return {
    path,
    en: `${id} is a camera of the file of the box; every camera has its own id`,
    zh: `${id} 是设备配置文件中的摄像机，每台摄像机的编号须唯一`,
  };
}

function tooMany(path: string): BoxProblem {
  return {
    path,
    en: `a box has at most ${MAX_CAMERAS} cameras`,
    zh: `每台设备最多 ${MAX_CAMERAS} 台摄像机`,
  };
}

function unknownLogin(path: string, name: string): BoxProblem {
  return {
    path,
    en: `the file of the box has no login ${name}`,
    zh: `设备配置文件中没有登录项 ${name}`,
  };
}

function hostForbidden(path: string, { name, hosts }: CameraLogin): BoxProblem {
  const told = hosts.join(', ').slice(0, 300);
  return {
    path,
    en: `login ${name} may go to these hosts only: ${told}`,
    zh: `登录项 ${name} 只能用于以下主机：${told}`,
  };
}
