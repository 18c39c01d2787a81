/** Figures as they add up, fact by fact or from what was added up before. */
import { FIGURES, type Figure, type FigureName, type FigureSet } from '@roadwatch/contract/api';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { median, share } from './definitions.ts';
import type { Counts } from './facts/fact.ts';

/**
 * A tally among other numbers, from a place on: how many figures have shares, of each its place in FIGURES, of how many and how many of
 * them were kept; then how many have medians, of each its place, how many values and these. Flat, since a year of cameras has a
 * million of them: as lists in lists they took three times as long to read.
 */
export interface PackedTally {
  readonly numbers: readonly number[];
  readonly from: number;
}

const PLACES = new Map(FIGURES.map((name, place) => [name, place]));

export class Tally {
  readonly #of: number[] = FIGURES.map(() => 0);
  readonly #kept: number[] = FIGURES.map(() => 0);
  readonly #values = new Map<number, number[]>();

  add(counts: Counts): void {
    for (const name in counts) {
      const value = counts[name as FigureName];
      const place = PLACES.get(name as FigureName);
      if (value === null || value === undefined || place === undefined) continue;
      if (typeof value === 'number') this.#valuesOf(place).push(value);
      else this.#count(place, 1, value ? 1 : 0);
    }
  }

  addPacked({ numbers, from }: PackedTally): void {
    let at = from;
    const next = (): number => numbers[at++] as number;
    for (let shares = next(); shares > 0; shares--) this.#count(next(), next(), next());
    for (let medians = next(); medians > 0; medians--) {
      const values = this.#valuesOf(next());
      for (let count = next(); count > 0; count--) values.push(next());
    }
  }

  addAll(other: Tally): void {
    this.addPacked({ numbers: other.packed(), from: 0 });
  }

  packed(): readonly number[] {
    const shares = this.#of.flatMap((of, place) =>
      of === 0 ? [] : [[place, of, this.#kept[place] as number]],
    );
    const numbers = [shares.length, ...shares.flat(), this.#values.size];
    for (const [place, values] of this.#values) {
      numbers.push(place, values.length);
      // One by one: a call has not room for so many arguments.
      for (const value of values) numbers.push(value);
    }
    return numbers;
  }

  figures(): FigureSet {
    return Object.fromEntries(FIGURES.map((name, place) => [name, this.#figure(name, place)])) as FigureSet;
  }

  #figure(name: FigureName, place: number): Figure {
    const of = this.#of[place] as number;
    switch (FIGURE_TEXTS[name].kind) {
      case 'count':
        return { value: of, of };
      case 'share':
        return share(this.#kept[place] as number, of);
      case 'ms':
        return median(this.#values.get(place) ?? []);
    }
  }

  #count(place: number, of: number, kept: number): void {
    this.#of[place] = (this.#of[place] as number) + of;
    this.#kept[place] = (this.#kept[place] as number) + kept;
  }

  #valuesOf(place: number): number[] {
    let values = this.#values.get(place);
    if (values === undefined) {
      values = [];
      this.#values.set(place, values);
    }
    return values;
  }
}
