/**
 * Link 1 of GB/T 30428, collection of information (信息收集): what cameras see becomes alerts, and what a camera answers goes to the
 * inspection that has asked.
 */
import { lockCells } from '../alerts/dedup/cross-camera.ts';
import { type AlertRule, OpenAlerts } from '../alerts/intake.ts';
import { recordProgress } from '../fleet/progress.ts';
import type { Receivers } from '../ingest/receive.ts';
import { recordAnswer } from '../inspections/inspections.ts';

export function receiversOf(rule: AlertRule): Receivers {
  return {
    lock: (tx, fresh) => lockCells(tx, fresh, rule),
    open: (tx, cameras, alertIds) => OpenAlerts.load(tx, cameras, alertIds, rule),
    reply: recordAnswer,
    status: recordProgress,
  };
}
