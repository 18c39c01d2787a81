/**
 * What a camera's own analytics tell of its picture, as ONVIF writes it (tt:MetadataStream): a frame with its time, and whether the
 * picture is too dark or too blurry, or shows another scene (Imaging Service Specification 5.4), when that begins and when it ends.
 */
import type { ActiveFaults, FaultKind } from './faults.ts';

/** What makes each of them true. */
const CAUSES = {
  ImageTooDark: ['black'],
  ImageTooBlurry: ['covered', 'dirty-lens'],
  GlobalSceneChange: ['moved', 'placeholder'],
} as const satisfies Readonly<Record<string, readonly FaultKind[]>>;
type Topic = keyof typeof CAUSES;
const TOPICS = Object.keys(CAUSES) as Topic[];

export type MetadataState = Readonly<Record<Topic, boolean>>;

export function stateOf(faults: Pick<ActiveFaults, 'has'>): MetadataState {
  return Object.fromEntries(
    TOPICS.map((topic) => [topic, CAUSES[topic].some((kind) => faults.has(kind))]),
  ) as Record<Topic, boolean>;
}

/** @param told what was said before; null says everything, as of the beginning */
export function metadataDocument(utcMs: number, state: MetadataState, told: MetadataState | null): string {
  const at = new Date(utcMs).toISOString();
  const events = TOPICS.filter((topic) => told?.[topic] !== state[topic])
    .map((topic) => eventXml(topic, state[topic], told === null ? 'Initialized' : 'Changed', at))
    .join('');
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tns1="http://www.onvif.org/ver10/topics" ' +
    'xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2">' +
    `<tt:VideoAnalytics><tt:Frame UtcTime="${at}"/></tt:VideoAnalytics>` +
    `${events === '' ? '' : `<tt:Event>${events}</tt:Event>`}</tt:MetadataStream>`
  );
}

function eventXml(topic: Topic, isSo: boolean, operation: 'Initialized' | 'Changed', at: string): string {
  return (
    '<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">' +
    `tns1:VideoSource/${topic}/ImagingService</wsnt:Topic><wsnt:Message><tt:Message UtcTime="${at}" PropertyOperation="${operation}">` +
    '<tt:Source><tt:SimpleItem Name="Source" Value="source"/></tt:Source>' +
    `<tt:Data><tt:SimpleItem Name="State" Value="${isSo}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`
  );
}
