/** What the gateway's API answers, as far as the console uses it. Times are RFC 3339, boxes fractions of the frame. */
import type { CameraCondition, DamageClass } from '@roadwatch/contract';

export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}
export interface Evidence {
  readonly name: string;
  readonly kind: 'still' | 'overlay' | 'clip';
  readonly contentType: string;
  readonly sha256: string;
  /** Whether its bytes have come. */
  readonly available: boolean;
}
export interface Alert {
  readonly id: string;
  readonly state: string;
  readonly damageClass: DamageClass;
  readonly site: string;
  readonly agent: string;
  readonly camera: string;
  readonly score: number;
  readonly box: readonly [number, number, number, number];
  readonly createdAt: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly count: number;
  readonly condition: string;
  readonly evidence: readonly Evidence[];
  readonly ticketId: string | null;
  readonly position?: { readonly latitude: number; readonly longitude: number } | null;
}
export interface Clock {
  readonly kind: 'response' | 'scene_look' | 'resolution';
  readonly startedAt?: string;
  readonly deadlineAt: string;
  readonly breachedAt: string | null;
  readonly state?: string;
}
export interface Ticket {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly damageClass?: DamageClass;
  readonly site?: string;
  readonly agent?: string;
  readonly camera?: string;
  readonly createdAt?: string;
  readonly dispatchedAt: string | null;
  readonly acceptedAt?: string | null;
  readonly clocks: readonly Clock[];
  readonly unit: { readonly id: string; readonly name: Bilingual };
  readonly alertId: string;
  readonly outcome?: string | null;
}
export interface Camera {
  readonly site: string;
  readonly agent: string;
  readonly camera: string;
  readonly name: Bilingual;
  readonly state: CameraCondition;
  readonly reason?: string;
  readonly since: string;
  readonly lastFrameAt: string | null;
  readonly fps: number;
  readonly drops: number;
  readonly width?: number;
  readonly height?: number;
}
export interface User {
  readonly username: string;
  readonly role: string;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
