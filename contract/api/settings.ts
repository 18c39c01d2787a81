/**
 * The city's settings: one document for each section, with every version that there has been. Who changes one names the version
 * that they saw.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { BilingualText, DAMAGE_CLASSES, DamageClass } from '../damage-class.ts';
import { Sha256, Slug, Timestamp } from '../ids.ts';
import { MAX_CONTACTS, MAX_UNITS, RANGES } from '../settings-ranges.ts';
import { ListOf, Named, OneOf, OrNull, PageOf } from './shapes.ts';
import {
  COUNTED_TIMES,
  OPERATIONS_EVENTS,
  OPERATIONS_OUTCOMES,
  ROLES,
  type SettingsSection,
} from './vocabulary.ts';

const closed = { additionalProperties: false } as const;

/** Something for some of the damage classes that become alerts. */
function ByClass<Value extends TSchema>(value: Value) {
  const classes = DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => entry.name);
  return Type.Unsafe<Readonly<Partial<Record<DamageClass, Static<Value>>>>>(
    Type.Object(Object.fromEntries(classes.map((name) => [name, Type.Optional(value)])), closed),
  );
}

const Counted = OneOf(COUNTED_TIMES);
const clocks = {
  response: Counted,
  sceneLook: Counted,
  resolution: Counted,
  rework: Counted,
  review: Counted,
};

export const DeadlineSettings = Named(
  'DeadlineSettings',
  {
    responseMinutes: Type.Number(RANGES.responseMinutes),
    sceneLookMinutes: Type.Number(RANGES.sceneLookMinutes),
    handoverMinutes: Type.Number(RANGES.handoverMinutes),
    reviewMinutes: Type.Number(RANGES.reviewMinutes),
    reworkHours: Type.Number(RANGES.reworkHours),
    resolutionHours: ByClass(Type.Number(RANGES.resolutionHours)),
    count: Type.Object(clocks, closed),
    countByClass: ByClass(Type.Partial(Type.Object(clocks), closed)),
  },
  closed,
);
export type DeadlineSettings = Static<typeof DeadlineSettings>;

const Days = ListOf(Type.String({ maxLength: 30 }), { maxItems: 1000 });
export const CalendarSettings = Named(
  'CalendarSettings',
  {
    hours: ListOf(Type.String({ maxLength: 20 }), { maxItems: 12 }),
    weekdays: ListOf(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7 }),
    holidays: Days,
    workdays: Days,
  },
  closed,
);
export type CalendarSettings = Static<typeof CalendarSettings>;

const Audience = ListOf(OneOf(ROLES), { maxItems: ROLES.length, uniqueItems: true });
export const EscalationSettings = Named(
  'EscalationSettings',
  {
    deadline: Type.Object({ '50': Audience, '80': Audience, '100': Audience, '150': Audience }, closed),
    sceneLook: Type.Object({ '100': Audience }, closed),
    handover: Type.Object({ '50': Audience, '80': Audience, '100': Audience, '150': Audience }, closed),
    review: Type.Object({ '100': Audience, '150': Audience }, closed),
    suspension: Type.Object({ '100': Audience }, closed),
    undelivered: Audience,
    inspectionFailed: Audience,
    inspectionUndecided: Audience,
    nobodyThere: Audience,
    extensionAsked: Audience,
  },
  closed,
);
export type EscalationSettings = Static<typeof EscalationSettings>;

export const RetentionSettings = Named(
  'RetentionSettings',
  {
    evidenceDays: Type.Integer(RANGES.evidenceDays),
    rejectedDays: Type.Integer(RANGES.rejectedDays),
    refusedDays: Type.Integer(RANGES.refusedDays),
  },
  closed,
);
export type RetentionSettings = Static<typeof RetentionSettings>;

export const CodeSettings = Named(
  'CodeSettings',
  { eventCodes: ByClass(Type.String({ minLength: 1, maxLength: 40 })) },
  closed,
);
export type CodeSettings = Static<typeof CodeSettings>;

const Contact = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    telephone: OrNull(Type.String({ minLength: 1, maxLength: 40 })),
    email: OrNull(Type.String({ minLength: 3, maxLength: 254 })),
  },
  closed,
);

/** An area that the gateway has checked and keeps under the hash of its GeoJSON. */
const AreaRef = Type.Object({ sha256: Sha256, points: Type.Integer({ minimum: 4 }) }, closed);

const unit = {
  id: Slug,
  name: Type.Object(BilingualText.properties, closed),
  default: Type.Boolean({ description: 'gets what no other unit is for; one unit is' }),
  classes: OrNull(ListOf(DamageClass, { minItems: 1, maxItems: 20, uniqueItems: true }), {
    description: 'null: all',
  }),
  area: OrNull(AreaRef, { description: 'null: the whole city' }),
  contacts: ListOf(Contact, { maxItems: MAX_CONTACTS }),
};

const Url = Type.String({
  minLength: 8,
  maxLength: 2048,
  description: 'http:// or https://; what in it opens something is shown as …, and kept when it is sent so',
});
const mail = {
  kind: Type.Literal('mail'),
  to: ListOf(Type.String({ minLength: 3, maxLength: 254 }), { minItems: 1, maxItems: 20, uniqueItems: true }),
  from: OrNull(Type.String({ minLength: 3, maxLength: 360 })),
};
const webhook = { kind: Type.Literal('webhook'), url: Url };
const open311 = {
  kind: Type.Literal('open311'),
  url: Url,
  format: OneOf(['json', 'xml']),
  jurisdictionId: OrNull(Type.String({ minLength: 1, maxLength: 200 })),
  serviceCode: OrNull(Type.String({ minLength: 1, maxLength: 200 })),
  serviceCodes: ByClass(Type.String({ minLength: 1, maxLength: 200 })),
  pollSeconds: Type.Number(RANGES.pollSeconds),
};
const desk = Type.Object({ kind: Type.Literal('desk') }, closed);
const Mail = Type.Object(mail, closed);

/** Never shown: only whether there is one. */
const hasSecret = Type.Boolean({ description: 'whether the secret is known and can be read here' });
const secret = Type.Optional(
  Type.String({ minLength: 1, maxLength: 1024, description: 'left out: the one that it has' }),
);

export const ChannelSettings = Type.Union([
  desk,
  Type.Object({ ...webhook, hasSecret }, closed),
  Type.Object({ ...open311, hasSecret }, closed),
  Mail,
]);
export type ChannelSettings = Static<typeof ChannelSettings>;
export const NewChannel = Type.Union([
  desk,
  Type.Object({ ...webhook, secret }, closed),
  Type.Object({ ...open311, secret }, closed),
  Mail,
]);
export type NewChannel = Static<typeof NewChannel>;

export const UnitSettings = Type.Object(
  { ...unit, channel: ChannelSettings },
  { ...closed, title: 'UnitSettings' },
);
export type UnitSettings = Static<typeof UnitSettings>;
const UnitsSettings = Named('UnitsSettings', { units: ListOf(UnitSettings) }, closed);

const NewUnit = Type.Object({ ...unit, channel: NewChannel }, closed);
export type NewUnit = Static<typeof NewUnit>;
export const NewUnits = Type.Object({ units: ListOf(NewUnit, { minItems: 1, maxItems: MAX_UNITS }) }, closed);
export type NewUnits = Static<typeof NewUnits>;

/** The system of the maintainers, which is told what is wrong with cameras and boxes. */
const OperationsSettings = Named(
  'OperationsSettings',
  { webhook: OrNull(Type.Object({ url: Url, hasSecret }, closed), { description: 'null: nobody is told' }) },
  closed,
);
export type OperationsSettings = Static<typeof OperationsSettings>;
export const NewOperations = Type.Object(
  { webhook: OrNull(Type.Object({ url: Url, secret }, closed)) },
  closed,
);
export type NewOperations = Static<typeof NewOperations>;

/** What each section is shown as, and what is sent to change it. */
export const SETTINGS = {
  units: { shown: UnitsSettings, sent: NewUnits },
  calendar: { shown: CalendarSettings, sent: CalendarSettings },
  deadlines: { shown: DeadlineSettings, sent: DeadlineSettings },
  escalation: { shown: EscalationSettings, sent: EscalationSettings },
  retention: { shown: RetentionSettings, sent: RetentionSettings },
  codes: { shown: CodeSettings, sent: CodeSettings },
  operations: { shown: OperationsSettings, sent: NewOperations },
} as const satisfies Readonly<Record<SettingsSection, { shown: TSchema; sent: TSchema }>>;
type Shown<Section extends SettingsSection> = Static<(typeof SETTINGS)[Section]['shown']>;
export type Sent<Section extends SettingsSection> = Static<(typeof SETTINGS)[Section]['sent']>;

const version = Type.Integer({ minimum: 1 });
const made = {
  version,
  at: Timestamp,
  by: Type.String({ description: 'as in the audit: user:NAME, or system for what came from the file' }),
};

/** The newest version of a section. */
export function SettingsOf<Document extends TSchema>(title: string, document: Document) {
  return Named(title, { ...made, document });
}
export interface SettingsView<Section extends SettingsSection> {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly document: Shown<Section>;
}

/** One value that a version has otherwise than the one before it; secrets are told as changed only. */
export const Difference = Type.Object({
  path: Type.String({ description: 'such as units.north.name.zh' }),
  before: OrNull(Type.String()),
  after: OrNull(Type.String()),
});
export type Difference = Static<typeof Difference>;

export const SettingsVersion = Named('SettingsVersion', {
  ...made,
  undoOf: OrNull(version, { description: 'it is that version again' }),
  changes: ListOf(Difference),
  more: Type.Integer({ minimum: 0, description: 'changes that are not listed' }),
});
export type SettingsVersion = Static<typeof SettingsVersion>;
export const SettingsVersionPage = PageOf('SettingsVersionPage', SettingsVersion);

export const UndoSettings = Type.Object({ version, to: version }, closed);

/** What was mended in an area that was sent. */
export const AREA_MENDED = ['direction', 'repeated_points'] as const;
export const Area = Named('Area', {
  sha256: Sha256,
  points: Type.Integer(),
  squareKilometres: Type.Number(),
  mended: ListOf(OneOf(AREA_MENDED)),
});
export type Area = Static<typeof Area>;

/** GeoJSON (RFC 7946) in WGS 84: a MultiPolygon. */
export const AreaShape = Named('AreaShape', {
  type: Type.Literal('MultiPolygon'),
  coordinates: ListOf(ListOf(ListOf(Type.Unsafe<readonly [number, number]>(Type.Array(Type.Number()))))),
});
export type AreaShape = Static<typeof AreaShape>;

export const UnitTrial = Named('UnitTrial', {
  ok: Type.Boolean(),
  lines: ListOf(Type.String(), { description: "what was tried and what the unit's system said" }),
});
export type UnitTrial = Static<typeof UnitTrial>;

/** One call of the maintainers' system, and what came of it. */
export const OperationsCall = Named('OperationsCall', {
  at: Timestamp,
  event: OneOf(OPERATIONS_EVENTS),
  address: Type.String({ description: 'that was called, without what in it opens something' }),
  outcome: OneOf(OPERATIONS_OUTCOMES),
  answer: Type.String({ description: 'what the system said, or why nothing was heard of it' }),
});
export type OperationsCall = Static<typeof OperationsCall>;
export const LastOperationsCall = Named('LastOperationsCall', {
  last: OrNull(OperationsCall, { description: 'null: it has never been called' }),
});
export type LastOperationsCall = Static<typeof LastOperationsCall>;

export const Recalculated = Named('Recalculated', {
  clocks: Type.Integer({ minimum: 0, description: 'that now have another deadline' }),
});
export type Recalculated = Static<typeof Recalculated>;
