/** What the gateway's API answers, as far as the console uses it. Times are RFC 3339, boxes fractions of the frame. */
import type { CameraCondition, DamageClass } from '@roadwatch/contract';

export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
  /** The same as Chinese web maps have it. */
  readonly gcj02?: { readonly latitude: number; readonly longitude: number };
}
export interface Evidence {
  readonly name: string;
  readonly kind: 'still' | 'overlay' | 'clip';
  readonly contentType: string;
  readonly sha256: string;
  readonly capturedAt: string;
  /** Whether its bytes have come. */
  readonly available: boolean;
}
export const SCOPES = [
  'alerts:read',
  'tickets:read',
  'tickets:write',
  'requests:write',
  'export:read',
] as const;
export type Scope = (typeof SCOPES)[number];
/** With which another program uses the API. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly unitId: string | null;
  readonly state: 'valid' | 'expired' | 'revoked';
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}
export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string;
  readonly unitId?: string;
}
/** An identity provider, and the address that leads there. */
/** How people sign in here. */
export interface Ways {
  readonly password: boolean;
  readonly oidc: OtherWay | null;
  /** Where the gateway is meant to be reached; left out: wherever it is. */
  readonly address?: string;
}
/** What somebody can change of their own access. */
export interface OwnAccount {
  /** Whether their password is kept here. */
  readonly password: boolean;
  readonly secondFactor: boolean;
  /** They can do nothing else before they have a second factor. */
  readonly mustSetUp: boolean;
}
/** A second factor that waits for its first code. */
export interface FactorBegun {
  readonly secret: string;
  /** SVG. */
  readonly qr: string;
}
export interface OtherWay {
  readonly label: Bilingual;
  readonly path: string;
}
/** A thing that belongs to one camera; all three are empty where a person reported it. */
export interface OfCamera {
  readonly site: string;
  readonly agent: string;
  readonly camera: string;
}
export interface Alert extends OfCamera {
  readonly id: string;
  readonly state: 'new' | 'claimed' | 'confirmed' | 'rejected' | 'merged' | 'shelved';
  readonly damageClass: DamageClass;
  readonly cameraName: Bilingual;
  /** What a person has reported; null for what a camera has. */
  readonly report: CitizenReport | null;
  readonly score: number;
  readonly box: readonly [number, number, number, number];
  /** The size in pixels of the picture that the box is a fraction of. */
  readonly frame: { readonly width: number; readonly height: number } | null;
  readonly createdAt: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** What the box's clock says of these, where that cannot be. */
  readonly claimedTimes: { readonly firstSeenAt: string; readonly lastSeenAt: string } | null;
  readonly count: number;
  readonly condition: 'present' | 'absent' | 'unknown';
  readonly evidence: readonly Evidence[];
  /** `SITE/AGENT/CAMERA` whose picture this is; null without a camera. */
  readonly pictureOf: string | null;
  /** The best of each source. */
  readonly pictures: readonly AlertPicture[];
  readonly ticketId: string | null;
  /** Where it goes when it is confirmed. */
  readonly unitId: string;
  readonly position: Position | null;
  readonly claimedBy: string | null;
  readonly recurrenceOf: string | null;
  readonly verdictBy: string | null;
  readonly verdictAt: string | null;
  readonly shelvedUntil: string | null;
  readonly reason: string | null;
  /** How often the like was rejected for good at this place, and why the last time. */
  readonly rejectedBefore: { readonly count: number; readonly reason: string | null } | null;
  /** What was merged into it. */
  readonly parts: readonly AlertPart[];
}
export interface AlertPicture {
  /** The alert, or the part of it that the source reported. */
  readonly alertId: string;
  /** `SITE/AGENT/CAMERA`; null: a person. */
  readonly source: string | null;
  readonly cameraName: Bilingual;
  readonly damageClass: DamageClass;
  readonly score: number;
  readonly box: readonly [number, number, number, number];
  readonly frame: { readonly width: number; readonly height: number } | null;
  readonly evidence: readonly Evidence[];
  /** What of it will not come, and why. */
  readonly missing: readonly { readonly kind: Evidence['kind']; readonly reason: string }[];
  /** Whether its box signed them, so that they can be proven. */
  readonly signed: boolean;
}
export interface CitizenReport {
  readonly number: string;
  readonly description: string | null;
  readonly address: string | null;
  readonly mediaUrls: readonly string[];
  readonly answers: readonly {
    readonly code: string;
    readonly text: Bilingual;
    readonly answer: Bilingual;
  }[];
}
export interface AlertPart {
  readonly id: string;
  readonly damageClass: DamageClass;
  readonly cameraName: Bilingual;
  readonly count: number;
}
export interface NearbyAlert extends Alert {
  /** Null where a place is not known. */
  readonly metres: number | null;
}
export interface Unit {
  readonly id: string;
  readonly name: Bilingual;
}
export type ClockKind = 'handover' | 'response' | 'scene_look' | 'resolution' | 'rework' | 'review';
export interface Clock {
  readonly kind: ClockKind;
  /** Which time it counts. */
  readonly counts: 'always' | 'working_hours' | 'working_days';
  readonly state: 'running' | 'paused' | 'met' | 'cancelled';
  readonly startedAt: string;
  readonly deadlineAt: string;
  readonly stoppedAt: string | null;
  readonly breachedAt: string | null;
}
export type NoticeEvent = 'undelivered' | 'inspection_failed' | 'inspection_undecided';
/** Somebody is told that so much of a clock's time is used up, or what has gone wrong. */
export interface Notice {
  readonly id: string;
  readonly ticketId: string;
  readonly number: string;
  readonly kind: ClockKind | NoticeEvent;
  readonly percent: number;
  /** Of what has gone wrong, in the words of whatever said so. */
  readonly reason: string | null;
}
export type TicketState =
  | 'filed'
  | 'dispatched'
  | 'returned'
  | 'accepted'
  | 'on_site'
  | 'made_safe'
  | 'repaired'
  | 'inspecting'
  | 'rework'
  | 'suspended'
  | 'cancelled'
  | 'closed';
export interface Ticket extends OfCamera {
  readonly id: string;
  readonly number: string;
  readonly state: TicketState;
  readonly damageClass: DamageClass;
  readonly cameraName: Bilingual;
  readonly position: Position | null;
  readonly createdAt: string;
  readonly createdBy: string;
  /** What the unit is told beside it. */
  readonly note: string | null;
  readonly dispatchedAt: string | null;
  readonly closedAt: string | null;
  readonly recallUntil: string | null;
  /** How its order to the unit's own system fares; null when there is none. */
  readonly delivery: {
    readonly id: string;
    readonly state: 'pending' | 'sent' | 'dead' | 'cancelled';
    readonly attempts: number;
    readonly error: string | null;
    readonly nextAttemptAt: string | null;
    /** Since when the unit should have had it. */
    readonly overdueAt: string | null;
  } | null;
  /** As the unit's own Open311 system has it. */
  readonly remote: { readonly number: string; readonly state: string | null } | null;
  readonly clocks: readonly Clock[];
  readonly unit: Unit;
  readonly alertId: string;
  readonly outcome: string | null;
  /** Why the last repair was refused. */
  readonly reworkReason: string | null;
  /** What the crew has sent. */
  readonly photos: readonly TicketPhoto[];
  readonly inspections: readonly Inspection[];
  readonly commands: readonly string[];
  readonly version: number;
}
export interface TicketPhoto {
  readonly step: string;
  readonly sha256: string;
  readonly takenAt: string;
}
/** The camera's look at the place after the repair. */
export interface Inspection {
  readonly id: string;
  readonly state: 'waiting' | 'asked' | 'done' | 'cancelled';
  /** Of the last look. */
  readonly result: 'pass' | 'fail' | 'inconclusive' | null;
  /** Frames in which the place could be seen, and those that still showed damage. */
  readonly looked: number | null;
  readonly seen: number | null;
  readonly requestedAt: string;
  readonly nextAt: string | null;
  readonly endedAt: string | null;
  readonly evidence: readonly Pick<Evidence, 'kind' | 'sha256'>[];
}
export interface CrewLink {
  readonly url: string;
  /** SVG. */
  readonly qr: string;
}
export interface TicketDetail extends Ticket {
  readonly history: readonly HistoryEntry[];
}
export interface HistoryEntry {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly detail: {
    readonly reason?: string | null;
    readonly outcome?: string | null;
    readonly error?: string;
  } | null;
}
export interface Camera extends OfCamera {
  readonly name: Bilingual;
  /** `unknown`: its agent is offline. */
  readonly state: CameraCondition | 'unknown';
  readonly online: boolean;
  readonly reason?: string;
  readonly since?: string;
  readonly lastFrameAt?: string | null;
  readonly fps?: number;
  readonly width?: number;
  readonly height?: number;
  readonly position?: Position;
}
export type Limit = 'revoked' | 'retained' | 'messages' | 'bytes' | 'day' | 'cameras' | 'alerts';
export interface Agent {
  readonly site: string;
  readonly agent: string;
  readonly online: boolean;
  readonly revokedAt: string | null;
  /** When something last came from it. */
  readonly lastSeenAt: string | null;
  /** How far its clock is off; null while it is near enough. */
  readonly clockAheadSeconds: number | null;
  /** Two boxes use it. */
  readonly nameShared: boolean;
  /** What it last sent too much of, within the hour. */
  readonly limited: { readonly limit: Limit; readonly reason: string; readonly count: number } | null;
  readonly status: {
    readonly at: string;
    readonly version: string;
    readonly cameras: number;
    readonly outboxDepth: number;
    /** Of a box that says so: what keeps it from doing all that it should. */
    readonly troubles?: readonly { readonly code: string; readonly detail: string }[];
    readonly model: { readonly name: string; readonly version: string };
  } | null;
}
/** A message from the field that was not valid, kept aside; equal ones are counted. */
export interface RefusedMessage {
  readonly sha256: string;
  readonly topic: string;
  readonly reason: string;
  readonly lastAt: string;
  readonly count: number;
}
export interface User {
  readonly username: string;
  readonly role: 'operator' | 'shift_lead' | 'unit' | 'inspector' | 'viewer' | 'admin';
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** What the gateway cannot write at present. */
export interface StoreTrouble {
  readonly what: 'store' | 'evidence';
  readonly code: 'store_full' | 'store_away';
}
