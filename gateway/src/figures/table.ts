/** Figures as a table for spreadsheets, with the count that each share and median is reckoned from beside it. */
import {
  FIGURES,
  type FigureName,
  type FigureReport,
  type FigureRow,
  type FigureSet,
} from '@roadwatch/contract/api';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { type Cell, CSV_START, csvLine } from '../exports/csv.ts';
import type { Language } from '../language.ts';

const MINUTE_MS = 60_000;

const WORDS = {
  en: {
    key: 'Key',
    name: 'Name',
    of: (name: string) => `${name}: reckoned from`,
    before: (name: string) => `${name}, period before`,
    yearBefore: (name: string) => `${name}, year before`,
    units: { count: '', share: ' (%)', ms: ' (minutes)' },
    rank: 'Rank',
    omitted: (rows: number) => `${rows} more rows are not listed`,
  },
  zh: {
    key: '编号',
    name: '名称',
    of: (name: string) => `${name}计算基数`,
    before: (name: string) => `${name}（上期）`,
    yearBefore: (name: string) => `${name}（上年同期）`,
    units: { count: '', share: '（%）', ms: '（分钟）' },
    rank: '排名',
    omitted: (rows: number) => `另有${rows}行未列出`,
  },
} as const;

/** The total is the last row but for what says that some are left out. */
export function figureTable({ rows, total, omitted }: FigureReport, language: Language): string {
  const words = WORDS[language];
  const lines = [...rows, total].map((row) => csvLine(cellsOf(row, language)));
  const rest = omitted === 0 ? '' : csvLine([words.omitted(omitted)]);
  return CSV_START + csvLine(headOf(language)) + lines.join('') + rest;
}

function headOf(language: Language): readonly string[] {
  const words = WORDS[language];
  const columns = FIGURES.flatMap((figure) => {
    const { kind, name } = FIGURE_TEXTS[figure];
    const text = name[language] + words.units[kind];
    return [
      text,
      ...(kind === 'count' ? [] : [words.of(name[language])]),
      words.before(text),
      words.yearBefore(text),
    ];
  });
  return [words.key, words.name, words.rank, ...columns];
}

function cellsOf({ key, name, rank, figures, before, yearBefore }: FigureRow, language: Language): Cell[] {
  const columns = FIGURES.flatMap((figure): Cell[] => [
    cellOf(figures, figure),
    ...(FIGURE_TEXTS[figure].kind === 'count' ? [] : [figures[figure].of]),
    cellOf(before, figure),
    cellOf(yearBefore, figure),
  ]);
  return [key, name[language], rank, ...columns];
}

/** Empty where there is nothing to reckon it from. */
function cellOf(figures: FigureSet | null, name: FigureName): Cell {
  const value = figures?.[name].value ?? null;
  if (value === null) return null;
  const { kind } = FIGURE_TEXTS[name];
  if (kind === 'share') return Math.round(value * 10_000) / 100;
  return kind === 'ms' ? Math.round((value / MINUTE_MS) * 10) / 10 : value;
}
