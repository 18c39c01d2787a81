/** Figures as they add up, fact by fact or from what was added up before. */
import { FIGURES, type Figure, type FigureName, type FigureSet } from '@roadwatch/contract/api';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { median, share } from './definitions.ts';
import type { Counts } from './facts/fact.ts';

/** `shares`: place in FIGURES, of how many, and how many of them were kept; one after the other. `values`: place, and what a median is of. */
export type PackedTally = readonly [
  shares: readonly number[],
  values: readonly (readonly [place: number, values: readonly number[]])[],
];

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

  addPacked([shares, values]: PackedTally): void {
    for (let at = 0; at < shares.length; at += 3)
      this.#count(shares[at] as number, shares[at + 1] as number, shares[at + 2] as number);
    for (const [place, more] of values) {
      const all = this.#valuesOf(place);
      for (const value of more) all.push(value);
    }
  }

  packed(): PackedTally {
    const shares = this.#of.flatMap((of, place) =>
      of === 0 ? [] : [place, of, this.#kept[place] as number],
    );
    return [shares, [...this.#values]];
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
