/** What is asked, as it stands in the address: whoever gets the link sees the same figures. */
import type { FigureGrouping, FigureSpan, FigureStep } from '@roadwatch/contract/api';
import { FIGURE_GROUPINGS, FIGURE_STEPS } from '@roadwatch/contract/api/vocabulary.ts';

export type Group = Exclude<FigureGrouping, 'time'>;
export const GROUPS = FIGURE_GROUPINGS.filter((name): name is Group => name !== 'time');
/** By what one group is asked for alone. */
type Only = { readonly [name in Group]?: string };

export interface Question extends FigureSpan {
  readonly each: FigureStep;
  readonly by: Group;
  readonly only: Only;
}

const DATE = /^[12]\d{3}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** `today`: in the city. What the address does not say, or says wrongly, is this month by unit. */
export function questionOf(search: string, today: string): Question {
  const asked = new URLSearchParams(search);
  const [from, to] = [asked.get('from') ?? '', asked.get('to') ?? ''];
  const span = DATE.test(from) && DATE.test(to) && from <= to ? { from, to } : monthOf(today);
  const by = GROUPS.find((name) => name === asked.get('by')) ?? 'unit';
  const only = Object.fromEntries(
    GROUPS.flatMap((name) => (asked.has(name) ? [[name, asked.get(name)]] : [])),
  );
  return {
    ...span,
    by,
    only,
    each: FIGURE_STEPS.find((name) => name === asked.get('each')) ?? stepFor(span),
  };
}

export function searchOf({ from, to, each, by, only }: Question): string {
  return new URLSearchParams({ from, to, each, by, ...only }).toString();
}

/** As the gateway is asked for it. */
export function queryOf({ from, to, each, only }: Question, by: FigureGrouping): string {
  return new URLSearchParams({ from, to, each, by, ...only }).toString();
}

/** So that a chart has some ten to a hundred points. */
function stepFor({ from, to }: FigureSpan): FigureStep {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return days <= 62 ? 'day' : days <= 200 ? 'week' : 'month';
}

export const PRESETS = ['week', 'month', 'lastMonth', 'quarter', 'year'] as const;
export type Preset = (typeof PRESETS)[number];

export function presetSpan(preset: Preset, today: string): FigureSpan {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  switch (preset) {
    case 'week': {
      const weekday = (new Date(today).getUTCDay() + 6) % 7;
      return { from: addDays(today, -weekday), to: addDays(today, 6 - weekday) };
    }
    case 'month':
      return monthOf(today);
    case 'lastMonth':
      return monthOf(addDays(`${today.slice(0, 7)}-01`, -1));
    case 'quarter': {
      const first = month - ((month - 1) % 3);
      return { from: day(year, first, 1), to: day(year, first + 3, 0) };
    }
    case 'year':
      return { from: day(year, 1, 1), to: day(year, 12, 31) };
  }
}

export function monthOf(today: string): FigureSpan {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  return { from: day(year, month, 1), to: day(year, month + 1, 0) };
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** A day 0 is the last of the month before. */
function day(year: number, month: number, date: number): string {
  return new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10);
}
