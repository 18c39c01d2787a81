/** Requests about what is in the field: units, cameras with their live views, agents, and what could not be stored of them. */
import type { PassedCodec } from '@roadwatch/contract';
import type {
  Agent,
  AskedEvidence,
  BoxSettingsVersion,
  BoxSettingsView,
  Camera,
  CameraDetail,
  CameraHealthPage,
  CameraPlaces,
  CameraSettingsVersion,
  CameraSettingsView,
  CameraTone,
  ChangeBoxSettings,
  ChangeCameraSettings,
  Incident,
  LiveView,
  NewPairing,
  OfCamera,
  PairingMade,
  RefusedMessage,
  StoreTrouble,
  TakenPicture,
  Unit,
} from '@roadwatch/contract/api';
import { at } from '../route/base.ts';
import type { Items, Send } from './connection.ts';

export interface CameraQuery {
  /** In the names or the id. */
  readonly q: string;
  readonly tone: CameraTone | null;
  /** What `next` of the page before said. */
  readonly after: string | null;
}

/** As many as one looks through. */
const MOST_CALLED = 8;
/** The gateway itself waits 20 s for the agent. */
const LIVE_TIMEOUT_MS = 25_000;
/** It waits 15 s for the agent, and 10 s for the picture. */
const PICTURE_TIMEOUT_MS = 30_000;
/** It waits 15 s for the agent. */
const ASKED_TIMEOUT_MS = 20_000;
const HEALTH_TIMEOUT_MS = 15_000;

export function fieldRequests(send: Send) {
  const list =
    <Item>(path: string) =>
    async (): Promise<readonly Item[]> =>
      (await send<Items<Item>>('GET', path)).items;
  return {
    units: list<Unit>('/api/units'),
    /** Those of a whole city that are in one of these states. */
    camerasIn: (states: readonly Camera['lastState'][]): Promise<readonly Camera[]> =>
      list<Camera>(`/api/cameras?state=${states.join()}`)(),
    /** Null: nothing was ever heard of it. */
    cameraIfKnown: async ({ site, agent, camera }: OfCamera): Promise<Camera | null> =>
      (await list<Camera>(`/api/cameras?${new URLSearchParams({ site, agent, camera })}`)())[0] ?? null,
    agents: list<Agent>('/api/agents'),
    /** The code is shown this once. */
    openPairing: (box: NewPairing): Promise<PairingMade> => send('POST', '/api/agents/pairings', box),
    refusedMessages: list<RefusedMessage>('/api/refused-messages'),
    camera: ({ site, agent, camera }: OfCamera): Promise<CameraDetail> =>
      send('GET', `/api/cameras/${site}/${agent}/${camera}`),
    incidents: async ({ site, agent, camera }: OfCamera): Promise<readonly Incident[]> =>
      (await send<Items<Incident>>('GET', `/api/cameras/${site}/${agent}/${camera}/incidents`)).items,
    /** Resolves once the picture has come, or is on its way. */
    takePicture: ({ site, agent, camera }: OfCamera): Promise<TakenPicture> =>
      send('POST', `/api/cameras/${site}/${agent}/${camera}/picture`, {}, { timeoutMs: PICTURE_TIMEOUT_MS }),
    cameraHealth: ({ q, tone, after }: CameraQuery): Promise<CameraHealthPage> => {
      const asked = { ...(q === '' ? {} : { q }), ...(tone === null ? {} : { tone }) };
      const query = new URLSearchParams({ ...asked, ...(after === null ? {} : { after }) });
      return send('GET', `/api/camera-health?${query}`);
    },
    /** The first of those that have these words in their names or their id. */
    camerasCalled: (q: string): Promise<CameraHealthPage> =>
      send('GET', `/api/camera-health?${new URLSearchParams({ q, limit: String(MOST_CALLED) })}`),
    /** Within these bounds, or of the whole city. */
    cameraPlaces: (within: CameraPlaces['bounds']): Promise<CameraPlaces> =>
      send('GET', `/api/camera-places${within === null ? '' : `?bbox=${within.join()}`}`),
    cameraSettings: (of: OfCamera): Promise<CameraSettingsView> => send('GET', settingsOf(of)),
    setCamera: (of: OfCamera, change: ChangeCameraSettings): Promise<CameraSettingsView> =>
      send('PUT', settingsOf(of), change),
    undoCamera: (of: OfCamera, version: number, to: number): Promise<CameraSettingsView> =>
      send('POST', `${settingsOf(of)}/undo`, { version, to }),
    resendCamera: (of: OfCamera): Promise<CameraSettingsView> => send('POST', `${settingsOf(of)}/send`, {}),
    cameraVersions: async (of: OfCamera): Promise<readonly CameraSettingsVersion[]> =>
      (await send<Items<CameraSettingsVersion>>('GET', `${settingsOf(of)}/versions`)).items,
    box: (of: OfAgent): Promise<BoxSettingsView> => send('GET', boxOf(of)),
    setBox: (of: OfAgent, change: ChangeBoxSettings): Promise<BoxSettingsView> =>
      send('PUT', boxOf(of), change),
    undoBox: (of: OfAgent, version: number, to: number): Promise<BoxSettingsView> =>
      send('POST', `${boxOf(of)}/undo`, { version, to }),
    resendBox: (of: OfAgent): Promise<BoxSettingsView> => send('POST', `${boxOf(of)}/send`, {}),
    boxVersions: async (of: OfAgent): Promise<readonly BoxSettingsVersion[]> =>
      (await send<Items<BoxSettingsVersion>>('GET', `${boxOf(of)}/versions`)).items,
    /** The box sends a picture or a clip that it keeps. */
    askForEvidence: (sha256: string): Promise<AskedEvidence> =>
      send('POST', `/api/evidence/${sha256}/ask`, {}, { timeoutMs: ASKED_TIMEOUT_MS }),
    /** Resolves once pictures flow; `path` is the websocket to play them from. */
    startLive: ({ site, agent, camera }: OfCamera, plays: readonly PassedCodec[]): Promise<LiveView> => {
      const query = plays.length === 0 ? '' : `?plays=${plays.join(',')}`;
      const path = `/api/cameras/${site}/${agent}/${camera}/live${query}`;
      return send('POST', path, {}, { timeoutMs: LIVE_TIMEOUT_MS });
    },
    /** What cannot be saved at present, and why; empty as a rule. */
    async troubles(): Promise<readonly StoreTrouble[]> {
      const response = await fetch(at('/healthz'), { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
      return ((await response.json()) as { readonly troubles: readonly StoreTrouble[] }).troubles;
    },
  };
}

interface OfAgent {
  readonly site: string;
  readonly agent: string;
}

function boxOf({ site, agent }: OfAgent): string {
  return `/api/agents/${site}/${agent}/settings`;
}

function settingsOf({ site, agent, camera }: OfCamera): string {
  return `/api/cameras/${site}/${agent}/${camera}/settings`;
}

export function settingsFileUrl(of: OfCamera): string {
  return at(`${settingsOf(of)}.yaml`);
}

export function evidenceUrl(sha256: string): string {
  return at(`/api/evidence/${sha256}`);
}

/** Of a picture: at most 10 kB. */
export function thumbnailUrl(sha256: string): string {
  return `${evidenceUrl(sha256)}/thumbnail`;
}
