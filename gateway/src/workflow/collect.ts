/**
 * Link 1 of GB/T 30428, collection of information (信息收集): what cameras see becomes alerts, and what a camera answers goes to the
 * inspection, or the look at a scene, that has asked.
 */
import { lockCells } from '../alerts/dedup/cross-camera.ts';
import { type AlertRule, OpenAlerts } from '../alerts/intake.ts';
import { recordProgress } from '../fleet/progress.ts';
import type { Receivers } from '../ingest/receive.ts';
import { recordAnswer } from '../inspections/inspections.ts';
import { recordSceneHint } from '../inspections/scene-hints.ts';

export function receiversOf(rule: AlertRule): Receivers {
  return {
    lock: (tx, fresh) => lockCells(tx, fresh, rule),
    open: (tx, cameras, alertIds) => OpenAlerts.load(tx, cameras, alertIds, rule),
    reply: async (tx, from, reply) => {
      await recordAnswer(tx, from, reply);
      await recordSceneHint(tx, from, reply);
    },
    status: recordProgress,
  };
}
