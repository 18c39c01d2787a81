import { expect, test } from 'vitest';
import { LIMITS } from '../api/vocabulary.ts';
import {
  AGENT_TROUBLES,
  AUDIT_ACTIONS,
  BROKER_REFUSALS,
  CAMERA_CARES,
  CAMERA_FAULTS,
  CODE_TEXTS,
  DELIVERY_FAILURES,
  MESSAGE_REFUSALS,
  MISSING_EVIDENCE,
  REFUSALS_BY_STATUS,
  REPLY_REFUSALS,
  SCENE_UNCLEAR,
  statusOfProblem,
  UPDATE_CODES,
} from './index.ts';

const TABLES = [
  ...Object.values(REFUSALS_BY_STATUS),
  REPLY_REFUSALS,
  MESSAGE_REFUSALS,
  BROKER_REFUSALS,
  DELIVERY_FAILURES,
  MISSING_EVIDENCE,
  SCENE_UNCLEAR,
  AGENT_TROUBLES,
  UPDATE_CODES,
  CAMERA_CARES,
  CAMERA_FAULTS,
  AUDIT_ACTIONS,
];
const HAN = /\p{Script=Han}/u;

test('every code is one word of its own, for one thing only', () => {
  const codes = TABLES.flatMap((table) => Object.keys(table));
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  expect(Object.keys(CODE_TEXTS).sort()).toEqual(codes.sort());
  expect(codes.filter((code) => !/^[a-z]+(?:[._][a-z]+)*$/.test(code))).toEqual([]);
});

test('every code has a sentence in English and one in Chinese', () => {
  const wrong = Object.entries(CODE_TEXTS).filter(
    ([, { en, zh }]) => en.trim() === '' || HAN.test(en) || !HAN.test(zh),
  );
  expect(wrong).toEqual([]);
});

test('no two codes say the same', () => {
  const refusals = Object.values(CODE_TEXTS).map(({ zh, en }) => `${en} ${zh}`);
  expect(refusals.filter((text, at) => refusals.indexOf(text) !== at)).toEqual([]);
});

test('a limit of agents is the label of its metric and the end of its code', () =>
  expect(Object.keys(MESSAGE_REFUSALS).filter((code) => code.startsWith('limit_'))).toEqual(
    LIMITS.map((limit) => `limit_${limit}`),
  ));

test('a code says the status, and an agent that cannot is 503', () => {
  expect(statusOfProblem('alert_unknown')).toBe(404);
  expect(statusOfProblem('alert_held')).toBe(409);
  expect(statusOfProblem('camera_not_streaming')).toBe(503);
});
