/** What a digit chooses once a menu is open: why an alert, or all on the screen, is rejected, until when it is shelved, or what it is one with. */
import { REJECT_REASONS } from '@roadwatch/contract/api/vocabulary.ts';
import { damageName } from '../shared/texts/damage.ts';
import type { Language, Texts } from '../shared/texts/index.ts';
import type { Action } from './action.ts';
import { SHELVE_CHOICES, shelveUntil } from './choices.ts';
import type { DeskState, Menu, Neighbour } from './desk-state.ts';
import { digit } from './keys.ts';
import { cannotDecide, cannotJudge } from './objections.ts';

interface Choices {
  readonly title: (texts: Texts, state: DeskState) => string;
  readonly choices: readonly Action[];
}

/** As many as there are digits from 1 on that a hand finds without looking. */
export const MERGE_CHOICES = 6;

export const MENUS: Readonly<Record<Menu, Choices>> = {
  reject: {
    title: (texts) => texts.whyReject,
    choices: REJECT_REASONS.map((reason, index) => ({
      name: reason,
      keys: [digit(index + 1)],
      label: (texts) => texts.rejectReason[reason],
      whyNot: cannotJudge,
      does: () => ({ kind: 'judged', decision: { kind: 'reject', reason } }),
    })),
  },
  batch: {
    title: ({ batch: texts }, { batch }) => texts.title(batch.length),
    choices: REJECT_REASONS.map((reason, index) => ({
      name: `all-${reason}`,
      keys: [digit(index + 1)],
      label: (texts) => texts.rejectReason[reason],
      whyNot: ({ batch }) => (batch.length === 0 ? { why: 'nothingOnScreen' } : null),
      does: ({ batch }) => ({
        kind: 'judged_together',
        decision: {
          kind: 'reject_many',
          reason,
          alerts: batch.map(({ id, version }) => ({ id, version })),
        },
      }),
    })),
  },
  shelve: {
    title: (texts) => texts.shelveUntil,
    choices: SHELVE_CHOICES.map((choice, index) => ({
      name: choice,
      keys: [digit(index + 1)],
      label: (texts) => texts.shelveChoice[choice],
      whyNot: cannotJudge,
      does: (_, { now, wall, texts }) => ({
        kind: 'judged',
        decision: { kind: 'shelve', until: shelveUntil(choice, now, wall), why: texts.shelveReason },
      }),
    })),
  },
  merge: {
    title: (texts) => texts.mergeCandidates,
    choices: Array.from({ length: MERGE_CHOICES }, (_, index) => ({
      name: `neighbour-${index + 1}`,
      keys: [digit(index + 1)],
      isThere: ({ neighbours }) => neighbours[index] !== undefined,
      label: (texts, { neighbours }, language) => neighbourText(neighbours[index], texts, language),
      whyNot: (state) =>
        cannotDecide(state) ?? (state.neighbours[index] === undefined ? { why: 'noNeighbour' } : null),
      does: ({ neighbours }) => ({ kind: 'joined', neighbour: neighbours[index] as Neighbour }),
    })),
  },
};

function neighbourText(neighbour: Neighbour | undefined, texts: Texts, language: Language): string {
  if (neighbour === undefined) return '';
  const { alert, apart, metres } = neighbour;
  const where = metres === null ? '' : ` · ${texts.metresAway(Math.round(metres))}`;
  const name = `${damageName(alert.damageClass, language)} · ${alert.cameraName[language]}${where}`;
  return apart ? `${texts.unmerge}: ${name}` : name;
}
