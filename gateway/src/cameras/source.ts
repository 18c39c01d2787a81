/** Where something was seen: an agent of a site, a camera of an agent; or nobody's camera, where a person reported it. */
import { Slug } from '@roadwatch/contract';
import { Value } from 'typebox/value';

export interface AgentName {
  readonly site: string;
  readonly agent: string;
}

/** Null unless it is two well-formed names with a slash between them. */
export function parseAgentName(text: string): AgentName | null {
  const [site, agent, ...rest] = text.split('/');
  return Value.Check(Slug, site) && Value.Check(Slug, agent) && rest.length === 0 ? { site, agent } : null;
}

export function formatAgentName({ site, agent }: AgentName): string {
  return `${site}/${agent}`;
}

export interface CameraOf {
  readonly site: string;
  readonly agent: string;
  readonly camera: string;
}

export function sameCamera(a: CameraOf, b: CameraOf): boolean {
  return a.camera === b.camera && a.agent === b.agent && a.site === b.site;
}

/** Where the name of a camera would stand. */
export const CITIZEN = { en: 'Citizen report', zh: '市民上报' } as const;

/** Where the names of a camera would stand, in the rows of what a person has reported; no camera can have such a name. */
export const NO_CAMERA = { site: '', agent: '', camera: '' } as const;

/** False for what was reported by a person. */
export function hasCamera({ camera }: Pick<CameraOf, 'camera'>): boolean {
  return camera !== NO_CAMERA.camera;
}
