/** Figures as they add up, fact by fact. */
import { FIGURES, type Figure, type FigureName, type FigureSet } from '@roadwatch/contract/api';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { median, share } from './definitions.ts';
import type { Fact } from './facts/fact.ts';

export class Tally {
  readonly #of = new Map<FigureName, number>();
  readonly #kept = new Map<FigureName, number>();
  readonly #values = new Map<FigureName, number[]>();

  add({ counts }: Pick<Fact, 'counts'>): void {
    for (const [name, value] of Object.entries(counts) as [FigureName, boolean | number | null][]) {
      if (value === null) continue;
      if (typeof value === 'number') this.#valuesOf(name).push(value);
      else {
        this.#of.set(name, (this.#of.get(name) ?? 0) + 1);
        if (value) this.#kept.set(name, (this.#kept.get(name) ?? 0) + 1);
      }
    }
  }

  figures(): FigureSet {
    return Object.fromEntries(FIGURES.map((name) => [name, this.#figure(name)])) as FigureSet;
  }

  #figure(name: FigureName): Figure {
    const of = this.#of.get(name) ?? 0;
    switch (FIGURE_TEXTS[name].kind) {
      case 'count':
        return { value: of, of };
      case 'share':
        return share(this.#kept.get(name) ?? 0, of);
      case 'ms':
        return median(this.#values.get(name) ?? []);
    }
  }

  #valuesOf(name: FigureName): number[] {
    const values = this.#values.get(name) ?? [];
    if (values.length === 0) this.#values.set(name, values);
    return values;
  }
}
