/**
 * The words that the gateway's interface, its store and the console share: the states, kinds and reasons that there are. Plain
 * lists, without a schema beside them, so that the console carries no more than the words.
 */
import type { CameraCondition } from '../status.ts';
import { UPDATE_STATES } from '../update-states.ts';

/** `merged` into another; `shelved` until a time. */
export const ALERT_STATES = ['new', 'confirmed', 'rejected', 'merged', 'shelved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What a wait may do to people: the queue goes by it first. */
export const RISKS = ['high', 'medium', 'low'] as const;
export type Risk = (typeof RISKS)[number];

/** What the camera says of the place now. */
export const ALERT_CONDITIONS = ['present', 'absent'] as const;
export type AlertCondition = (typeof ALERT_CONDITIONS)[number];

/** Why an alert is rejected; the reasons become labels for training. */
export const REJECT_REASONS = [
  'no_damage',
  'repaired_already',
  'manhole_or_patch',
  'shadow_or_water',
  'object_on_road',
  'marking',
  'too_small',
  'other',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export const TICKET_STATES = [
  'filed',
  'dispatched',
  'returned',
  'accepted',
  'on_site',
  'made_safe',
  'repaired',
  'inspecting',
  'rework',
  'suspended',
  'cancelled',
  'closed',
] as const;
export type TicketState = (typeof TICKET_STATES)[number];

/**
 * Where an open ticket waits, and so for whom: `sending` to its unit, `waiting` for the unit to accept, `at_work`; `checking` the
 * repair; `still_there` and `whole` as the camera saw the place after it, for a person to decide; `returned`, `suspended`.
 */
export const TICKET_LANES = [
  'still_there',
  'whole',
  'returned',
  'sending',
  'waiting',
  'at_work',
  'checking',
  'suspended',
] as const;
export type TicketLane = (typeof TICKET_LANES)[number];

/** `deadline`: the one that runs out next first, those without a deadline last. */
export const TICKET_ORDERS = ['newest', 'deadline'] as const;
export type TicketOrder = (typeof TICKET_ORDERS)[number];

/**
 * `resume` goes back to the state before the suspension; `reassign` sends the ticket on to another unit. The state stays what it is
 * while more time is asked for, given or refused.
 */
export const TICKET_COMMANDS = [
  'accept',
  'return',
  'arrive',
  'make_safe',
  'repair',
  'inspect',
  'rework',
  'close',
  'cancel',
  'suspend',
  'resume',
  'reassign',
  'ask_extension',
  'extend',
  'refuse_extension',
] as const;
export type TicketCommand = (typeof TICKET_COMMANDS)[number];

export const TICKET_OUTCOMES = [
  'repaired',
  'made_safe_only',
  'no_damage_found',
  'duplicate',
  'not_ours',
] as const;
export type TicketOutcome = (typeof TICKET_OUTCOMES)[number];

/**
 * `handover`: from the confirmation until the unit has it. `review`: from when a person can judge the repair until one has.
 * `rework`: from when a repair was refused until the unit has repaired again. `suspension`: until the day on which somebody looks at
 * it again.
 */
export const CLOCK_KINDS = [
  'handover',
  'response',
  'scene_look',
  'resolution',
  'rework',
  'review',
  'suspension',
] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

export const CLOCK_STATES = ['running', 'paused', 'met', 'cancelled'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];

/** Which time a clock counts. */
export const COUNTED_TIMES = ['always', 'working_hours', 'working_days'] as const;
export type CountedTime = (typeof COUNTED_TIMES)[number];

/** What somebody saw who looked at the scene, by its camera, whether the crew has come. */
export const SCENE_ANSWERS = ['arrived', 'not_arrived', 'cannot_see'] as const;
export type SceneAnswer = (typeof SCENE_ANSWERS)[number];

/** `over`: the ticket has moved on before anybody decided. */
export const EXTENSION_STATES = ['asked', 'given', 'refused', 'over'] as const;
export type ExtensionState = (typeof EXTENSION_STATES)[number];

/** What somebody is told though no clock says it. */
export const NOTICE_EVENTS = [
  'undelivered',
  'inspection_failed',
  'inspection_undecided',
  'nobody_there',
  'extension_asked',
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

export const ORDER_KINDS = ['dispatch', 'recall', 'reminder', 'rework'] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

/** `dead`: given up. */
export const ORDER_STATES = ['pending', 'sent', 'dead', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** `waiting` for its time, `asked` and not yet answered. */
export const INSPECTION_STATES = ['waiting', 'asked', 'done', 'cancelled'] as const;
export type InspectionState = (typeof INSPECTION_STATES)[number];

export const INSPECTION_RESULTS = ['pass', 'fail', 'inconclusive'] as const;
export type InspectionResult = (typeof INSPECTION_RESULTS)[number];

export const ROLES = ['operator', 'shift_lead', 'unit', 'inspector', 'viewer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a token may do, one word for each group of routes. */
export const SCOPES = [
  'alerts:read',
  'tickets:read',
  'tickets:write',
  'requests:write',
  'export:read',
  'wall:read',
] as const;
export type Scope = (typeof SCOPES)[number];

export const TOKEN_STATES = ['valid', 'expired', 'revoked'] as const;

/** By which a message of an agent is turned away for who sent it or how much. */
export const LIMITS = ['revoked', 'retained', 'messages', 'bytes', 'day', 'cameras', 'alerts'] as const;
export type Limit = (typeof LIMITS)[number];

/** What a gateway writes. */
export const WRITTEN = ['store', 'evidence'] as const;
export type Written = (typeof WRITTEN)[number];

export const TROUBLE_CODES = ['store_full', 'store_away'] as const;
export type TroubleCode = (typeof TROUBLE_CODES)[number];

/**
 * What the bureau is told of a period, in the order in which it is shown. How each is counted stands in `FIGURE_TEXTS` for people and
 * in the gateway's `figures/definitions.ts` for the program.
 */
export const FIGURES = [
  'received',
  'filed',
  'dispatched',
  'closed',
  'answeredInTime',
  'closedOnTime',
  'extended',
  'reworked',
  'recurred',
  'cameraProven',
  'timeToVerdict',
  'timeToRepair',
  'precision',
] as const;
export type FigureName = (typeof FIGURES)[number];

/** By what figures are told apart: parts of the period, or who and where. */
export const FIGURE_GROUPINGS = ['time', 'unit', 'class', 'area', 'camera'] as const;
export type FigureGrouping = (typeof FIGURE_GROUPINGS)[number];

export const FIGURE_STEPS = ['day', 'week', 'month'] as const;
export type FigureStep = (typeof FIGURE_STEPS)[number];
/** The parts of the city's settings, each changed and taken back by itself. */
export const SETTINGS_SECTIONS = [
  'units',
  'calendar',
  'deadlines',
  'escalation',
  'retention',
  'codes',
  'operations',
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

/** What the system of the maintainers is told; the last is a test that somebody has sent. */
export const OPERATIONS_EVENTS = [
  'camera.fault',
  'camera.recovered',
  'agent.lost',
  'agent.back',
  'operations.test',
] as const;
export type OperationsEvent = (typeof OPERATIONS_EVENTS)[number];

/** What came of it. `refused`: the answer judges the call itself, which is not sent again; `failed`: it is, until it arrives. */
export const OPERATIONS_OUTCOMES = ['delivered', 'refused', 'failed'] as const;
export type OperationsOutcome = (typeof OPERATIONS_OUTCOMES)[number];

/** `halted`: too many boxes have refused it or gone back; somebody has to look. */
export const ROLLOUT_STATES = ['running', 'paused', 'halted', 'done', 'cancelled'] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];

const [, ...FURTHER] = UPDATE_STATES;
/** Of one box in a rollout: not told yet, told, and then what it says itself. */
export const ROLLOUT_AGENT_STATES = ['waiting', 'told', ...FURTHER] as const;
export type RolloutAgentState = (typeof ROLLOUT_AGENT_STATES)[number];

/** How well a camera sees: well; poorly, or about to; not at all. */
export const CAMERA_TONES = ['good', 'warn', 'bad'] as const;
export type CameraTone = (typeof CAMERA_TONES)[number];

/** `unknown`: its box is not there to say. */
export const CAMERA_TONE: Readonly<Record<CameraCondition | 'unknown', CameraTone>> = {
  streaming: 'good',
  starting: 'warn',
  dark: 'warn',
  blurred: 'warn',
  moved: 'warn',
  paused: 'warn',
  stalled: 'bad',
  refused: 'bad',
  covered: 'bad',
  frozen: 'bad',
  placeholder: 'bad',
  unknown: 'bad',
};

/** What has become of what was set of a camera. */
export const SETTINGS_DELIVERIES = ['none', 'waiting', 'applied', 'refused'] as const;

/** What has become of what was set of a box. */
export const BOX_DELIVERIES = ['none', 'waiting', 'trial', 'applied', 'refused', 'superseded'] as const;
