/** The configuration of a new box, as a person would write it: few keys, a comment where something is to be looked at. */
import type { NormalizedPolygon } from '@roadwatch/contract';
import type { InspectedCamera } from './inspect-camera.ts';

export interface NewCamera extends InspectedCamera {
  readonly id: string;
  /** A guess, for a person to look at. */
  readonly road: NormalizedPolygon | null;
}

export interface NewBox {
  readonly site: string;
  readonly agent: string;
  readonly cameras: readonly NewCamera[];
  /** The user name; null where cameras ask for none. */
  readonly username: string | null;
  /** Relative to the configuration. */
  readonly passwordFile: string;
  readonly picturesFolder: string;
  readonly dataDir: string;
  /** Of a private authority that vouches for the gateway. */
  readonly gatewayCaFile: string | null;
}

/** `cam-10-0-0-5`, and from the second lens on `cam-10-0-0-5-2`: by its address, which is written on a street cabinet's plan. */
export function cameraIds(cameras: readonly InspectedCamera[]): readonly string[] {
  const taken = new Map<string, number>();
  return cameras.map(({ host }) => {
    const plain = host
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 48);
    const count = (taken.get(plain) ?? 0) + 1;
    taken.set(plain, count);
    return count === 1 ? `cam-${plain}` : `cam-${plain}-${count}`;
  });
}

/** In quotes of JSON, which are YAML's too (YAML 1.2, 10.3): whatever a camera calls itself stays a text. */
const quoted = JSON.stringify;

export function boxConfig(box: NewBox): string {
  const { site, agent, cameras, gatewayCaFile } = box;
  return [
    '# Made by roadwatch-agent init. agent/agent.example.yaml explains every key; names and places of cameras are yours to fill in.',
    `site: ${quoted(site)}`,
    `agent: ${quoted(agent)}`,
    `dataDir: ${quoted(box.dataDir)}`,
    '# Broker, gateway and login are known from the pairing.',
    ...(gatewayCaFile === null ? [] : [`gateway: { caFile: ${quoted(gatewayCaFile)} }`]),
    'cameras:',
    ...cameras.flatMap((camera) => cameraLines(camera, box)),
    '',
  ].join('\n');
}

function cameraLines(camera: NewCamera, { username, passwordFile, picturesFolder }: NewBox): string[] {
  const { id, host, name, url, detectUrl, look, road } = camera;
  const size = `${Math.round(look.size.width)} x ${Math.round(look.size.height)}`;
  return [
    `  # ${[name, look.codec, size].filter((part) => part !== '').join(', ')}; its picture: ${picturesFolder}/${id}.jpg`,
    `  - id: ${quoted(id)}`,
    `    name: { en: ${quoted(`Camera ${host}`)}, zh: ${quoted(`摄像机 ${host}`)} }`,
    `    url: ${quoted(url)}`,
    ...(detectUrl === null ? [] : [`    detectUrl: ${quoted(detectUrl)}`]),
    ...(username === null
      ? []
      : [`    username: ${quoted(username)}`, `    passwordFile: ${quoted(passwordFile)}`]),
    ...(road === null
      ? ['    # road: none could be suggested from the picture; without one, all of the picture is road']
      : [
          `    # Suggested from the picture, drawn in ${picturesFolder}/${id}-road.jpg. If it fits, take away the # (否则请改正各角点):`,
          `    # road: ${JSON.stringify(road)}`,
        ]),
  ];
}
