/**
 * What Home Assistant reads of a box and its cameras to show them by itself: a device each, with what stands in the topics that the agent
 * keeps anyway (home-assistant.io/integrations/mqtt, "Device discovery payload"). Pure.
 */
import type { AgentTopics } from '@roadwatch/contract';
import type { Language, Words } from '../language.ts';

interface Announced {
  readonly site: string;
  readonly agent: string;
  readonly version: string;
  /** Of the topics that Home Assistant listens on. */
  readonly prefix: string;
  readonly language: Language;
  readonly topics: AgentTopics;
  readonly cameras: readonly { readonly id: string; readonly name: Words }[];
}

const NAMES = {
  en: {
    connection: 'Connection',
    problem: 'Problem',
    lastDetection: 'Last detection',
    box: 'Edge box',
    camera: 'Camera',
  },
  zh: { connection: '连接', problem: '故障', lastDetection: '最近检测', box: '边缘设备', camera: '摄像机' },
} as const;

/** At night every camera is dark; one that is dark by day says so in its faults. */
const WELL = ['starting', 'streaming', 'paused', 'dark'] as const;

/** By topic, what is retained there. */
export function discoveryMessages(of: Announced): ReadonlyMap<string, object> {
  const { site, agent, prefix, cameras } = of;
  // No name has an underscore, so no two make the same.
  const box = `roadwatch_${site}_${agent}`;
  const topicOf = (id: string): string => `${prefix}/device/${id}/config`;
  return new Map<string, object>([
    [topicOf(box), boxMessage(of, box)],
    ...cameras.map((camera): [string, object] => {
      const id = `${box}_${camera.id}`;
      return [topicOf(id), cameraMessage(of, camera, id, box)];
    }),
  ]);
}

function boxMessage({ site, agent, version, language, topics }: Announced, id: string): object {
  const names = NAMES[language];
  return {
    device: {
      identifiers: [id],
      name: `Roadwatch ${site}/${agent}`,
      manufacturer: 'Roadwatch',
      model: names.box,
      sw_version: version,
    },
    origin: { name: 'Roadwatch', sw_version: version },
    components: {
      connection: {
        platform: 'binary_sensor',
        unique_id: `${id}_connection`,
        name: names.connection,
        device_class: 'connectivity',
        entity_category: 'diagnostic',
        // Its last will says offline there.
        state_topic: topics.status,
        value_template: '{{ value_json.state }}',
        payload_on: 'online',
        payload_off: 'offline',
      },
    },
    qos: 1,
  };
}

function cameraMessage(
  { version, language, topics }: Announced,
  camera: Announced['cameras'][number],
  id: string,
  box: string,
): object {
  const names = NAMES[language];
  const [state, detections] = [topics.cameraState(camera.id), topics.detections(camera.id)];
  const well = WELL.map((condition) => `'${condition}'`).join(', ');
  return {
    device: {
      identifiers: [id],
      name: camera.name[language],
      manufacturer: 'Roadwatch',
      model: names.camera,
      via_device: box,
    },
    origin: { name: 'Roadwatch', sw_version: version },
    availability: [
      {
        topic: topics.status,
        value_template: '{{ value_json.state }}',
        payload_available: 'online',
        payload_not_available: 'offline',
      },
    ],
    components: {
      problem: {
        platform: 'binary_sensor',
        unique_id: `${id}_problem`,
        name: names.problem,
        device_class: 'problem',
        state_topic: state,
        value_template: `{{ 'OFF' if value_json.state in [${well}] and not value_json.faults else 'ON' }}`,
        json_attributes_topic: state,
        json_attributes_template:
          "{{ {'state': value_json.state, 'reason': value_json.reason | default(none), 'faults': value_json.faults | default([]) | map(attribute='code') | list} | tojson }}",
      },
      last_detection: {
        platform: 'sensor',
        unique_id: `${id}_last_detection`,
        name: names.lastDetection,
        state_topic: detections,
        value_template: '{{ value_json.damageClass }}',
        json_attributes_topic: detections,
        json_attributes_template:
          "{{ {'id': value_json.id, 'event': value_json.event, 'score': value_json.score, 'first_seen_at': value_json.firstSeenAt, 'last_seen_at': value_json.lastSeenAt} | tojson }}",
      },
    },
    qos: 1,
  };
}
