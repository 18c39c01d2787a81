/** Rows of the city's settings. */
import type { SettingsSection } from '@roadwatch/contract/api';

/** Never changed once it is written. */
export interface SettingsVersionRow {
  section: SettingsSection;
  /** From 1 on. */
  version: number;
  at: number;
  /** As in the audit. */
  author: string;
  /** The version that it is again. */
  undo_of: number | null;
  /** JSON; secrets are named in it, not held. */
  document: string;
}

export interface SettingsSecretRow {
  id: string;
  at: number;
  /** Of the key of the audit from which its own is derived. */
  key_id: string;
  /** Base64: nonce, text and tag of AES-256-GCM. */
  sealed: string;
}

export interface SettingsAreaRow {
  /** Of `geojson`. */
  sha256: string;
  at: number;
  points: number;
  /** A MultiPolygon in WGS 84. */
  geojson: string;
}
