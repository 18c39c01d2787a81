/** Rows of what is handed out to boxes: releases, and how each box comes by them. */
import type { ReleaseKind, RolloutMode } from '@roadwatch/contract';
import type { RolloutAgentState, RolloutState } from '@roadwatch/contract/api';

export interface ReleaseRow {
  id: string;
  kind: ReleaseKind;
  name: string;
  version: string;
  /** `release.json` as it was signed. */
  text: string;
  /** JSON; null: it is not signed. */
  signature: string | null;
  /** What its makers say of it, Markdown. */
  card: string | null;
  bytes: number;
  uploaded_at: number;
  /** As in the audit. */
  uploaded_by: string;
  withdrawn_at: number | null;
}

export interface ReleaseFileRow {
  release_id: string;
  name: string;
  sha256: string;
  bytes: number;
}

export interface RolloutRow {
  id: string;
  release_id: string;
  mode: RolloutMode;
  /** JSON: patterns of SITE/AGENT. */
  targets: string;
  /** JSON: UpdateTerms. */
  terms: string;
  /** How many boxes may be at it at a time. */
  at_once: number;
  /** When more boxes than these have refused it or gone back, no further one is asked. */
  max_failures: number;
  state: RolloutState;
  created_at: number;
  created_by: string;
  ended_at: number | null;
}

export interface RolloutAgentRow {
  rollout_id: string;
  site: string;
  agent: string;
  state: RolloutAgentState;
  /** Why, of a box that does not use it or waits. */
  code: string | null;
  detail: string | null;
  /** JSON: the UpdateReport that the box last gave. */
  report: string | null;
  /** When the box was last told. */
  told_at: number | null;
  changed_at: number;
}
