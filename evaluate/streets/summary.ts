/** The figures of each street and of all: what the model says by itself, and what is left of it after verification. */
import type { PlayedStreet } from './play.ts';
import type { RawBoxes } from './raw.ts';

export interface StreetFigures {
  readonly name: string;
  readonly rawFrames: number;
  readonly rawBoxes: number;
  /** Null without a frame. */
  readonly rawBoxesPerFrame: number | null;
  /** Camera time played. */
  readonly seconds: number;
  /** Frames that the model saw while it was played, and bursts of them. */
  readonly analysed: number;
  readonly closerLooks: number;
  /** Candidates that lay on vehicles or people. */
  readonly refused: number;
  readonly falseAlarms: number;
  /** At this rate; null when nothing was played. */
  readonly falseAlarmsPerCameraDay: number | null;
}

export interface StreetsSummary {
  readonly streets: readonly StreetFigures[];
  readonly all: StreetFigures;
}

/** `raw` and `played` are of the same streets, in the same order. */
export function summarizeStreets(played: readonly PlayedStreet[], raw: readonly RawBoxes[]): StreetsSummary {
  const counts = played.map((street, i) => countsOf(street, raw[i] as RawBoxes));
  const zero: Counts = {
    rawFrames: 0,
    rawBoxes: 0,
    seconds: 0,
    analysed: 0,
    closerLooks: 0,
    refused: 0,
    falseAlarms: 0,
  };
  return {
    streets: counts.map((one, i) => figuresOf((played[i] as PlayedStreet).name, one)),
    all: figuresOf('all', counts.reduce(added, zero)),
  };
}

type Counts = Omit<StreetFigures, 'name' | 'rawBoxesPerFrame' | 'falseAlarmsPerCameraDay'>;

function countsOf(
  { seconds, analysed, closerLooks, refused, falseAlarms }: PlayedStreet,
  raw: RawBoxes,
): Counts {
  const { frames: rawFrames, boxes: rawBoxes } = raw;
  return { rawFrames, rawBoxes, seconds, analysed, closerLooks, refused, falseAlarms: falseAlarms.length };
}

function added(a: Counts, b: Counts): Counts {
  return {
    rawFrames: a.rawFrames + b.rawFrames,
    rawBoxes: a.rawBoxes + b.rawBoxes,
    seconds: a.seconds + b.seconds,
    analysed: a.analysed + b.analysed,
    closerLooks: a.closerLooks + b.closerLooks,
    refused: a.refused + b.refused,
    falseAlarms: a.falseAlarms + b.falseAlarms,
  };
}

function figuresOf(name: string, counts: Counts): StreetFigures {
  const { rawFrames, rawBoxes, seconds, falseAlarms } = counts;
  return {
    name,
    ...counts,
    rawBoxesPerFrame: rawFrames === 0 ? null : rawBoxes / rawFrames,
    falseAlarmsPerCameraDay: seconds === 0 ? null : (falseAlarms * 86_400) / seconds,
  };
}
