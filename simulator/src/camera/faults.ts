/** Every way in which a camera can be made to fail, as data: scenario files, the command line and the library share it. */
import { describeErrors } from '@roadwatch/contract';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

const Rate = Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'share of the packets, 0 to 1' });

function fault<Kind extends string, Fields extends Record<string, TSchema>>(
  kind: Kind,
  description: string,
  fields: Fields,
) {
  return Type.Object({ kind: Type.Literal(kind), ...fields }, { description, additionalProperties: false });
}

export const FAULTS = [
  fault('refuse', 'DESCRIBE is answered with 503', {}),
  fault('redirect', 'DESCRIBE is answered with 302 and another address', {
    to: Type.String({
      pattern: '^(rtsps?://[^/\\s]+)?/[!-~]{0,500}$',
      description: 'rtsp:// or rtsps://, or a path of the same server, such as /gate',
    }),
  }),
  fault('wrong-auth', 'every login is refused, the right one too', {}),
  fault('slow-start', 'PLAY is answered at once, the first picture comes later', {
    seconds: Type.Number({ minimum: 0, maximum: 600 }),
  }),
  fault('drop', 'open connections are closed once; new ones are served', {}),
  fault('freeze', 'connected, but nothing is sent any more', {}),
  fault('frozen-picture', 'the same picture again and again', {}),
  fault('black', 'the picture is black', {}),
  fault('covered', 'something hangs before the lens: dark and blurred', {}),
  fault('dirty-lens', 'the picture has lost its fine detail, though the street can still be seen', {}),
  fault('fewer-pictures', 'a fifth of the pictures a second', {}),
  fault('moved', 'the camera looks elsewhere', {}),
  fault(
    'placeholder',
    'a page of one colour with white letters, as a recorder shows for a camera that it has lost',
    {},
  ),
  fault('resolution-change', 'the picture comes at half its size', {}),
  fault('codec-change', 'H.264 becomes H.265 in mid-stream, and the other way round', {}),
  fault('endless-gop', 'one keyframe, then none for as long as the clip lasts', {}),
  fault('packet-loss', 'RTP packets vanish', { rate: Rate }),
  fault('reorder', 'RTP packets change places with the next', { rate: Rate }),
  fault('duplicate', 'RTP packets come twice', { rate: Rate }),
  fault('delay', 'every picture comes late, by an uneven time', {
    ms: Type.Number({ minimum: 0, maximum: 10_000 }),
    jitterMs: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
  }),
  fault('corrupt', 'bits flip inside NAL units', { rate: Rate }),
  fault('no-parameter-sets', 'neither the SDP nor the stream carries SPS and PPS', {}),
  fault('timestamp-jump', 'RTP timestamps jump once, without a word in RTCP until the next report', {
    seconds: Type.Number({ minimum: -200_000, maximum: 200_000 }),
  }),
  fault(
    'half-open',
    'the other end is gone without a word: no answers, no pictures, no FIN; back again, it knows nothing of these connections',
    {},
  ),
  fault('rtcp-silence', 'no sender reports', {}),
  fault('no-teardown-answer', 'TEARDOWN is never answered', {}),
] as const;

export const Fault = Type.Union([...FAULTS]);
export type Fault = Static<(typeof FAULTS)[number]>;
export type FaultKind = Fault['kind'];
export const FAULT_KINDS: readonly FaultKind[] = FAULTS.map((schema) => schema.properties.kind.const);

/**
 * A fault from outside.
 * @throws Error that names what does not fit
 */
export function parseFault(value: unknown): Fault {
  const kind = (value as { kind?: unknown } | null)?.kind;
  const schema = FAULTS.find((candidate) => candidate.properties.kind.const === kind);
  if (schema === undefined) {
    throw new Error(`kind: no fault ${JSON.stringify(kind) ?? 'given'}; known: ${FAULT_KINDS.join(', ')}`);
  }
  if (!Value.Check(schema, value)) throw new Error(describeErrors(schema, value));
  return value as Fault;
}
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

/** The kinds for which the picture itself has to be encoded again. */
const PICTURE_FAULTS = [
  'black',
  'covered',
  'dirty-lens',
  'fewer-pictures',
  'moved',
  'placeholder',
  'resolution-change',
  'codec-change',
  'endless-gop',
] as const satisfies readonly FaultKind[];
export type PictureFault = (typeof PICTURE_FAULTS)[number];

export function isPictureFault(kind: FaultKind): kind is PictureFault {
  return (PICTURE_FAULTS as readonly FaultKind[]).includes(kind);
}

/** The faults that a camera has now; one of each kind. */
export class ActiveFaults {
  readonly #active = new Map<FaultKind, Fault>();

  get<Kind extends FaultKind>(kind: Kind): FaultOf<Kind> | undefined {
    return this.#active.get(kind) as FaultOf<Kind> | undefined;
  }

  has(kind: FaultKind): boolean {
    return this.#active.has(kind);
  }

  set(fault: Fault): void {
    this.#active.set(fault.kind, fault);
  }

  delete(kind: FaultKind): boolean {
    return this.#active.delete(kind);
  }

  list(): Fault[] {
    return [...this.#active.values()];
  }
}
