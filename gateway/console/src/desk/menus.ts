/** What a digit chooses once a menu is open: why an alert is rejected, or until when it is shelved. */
import { REJECT_REASONS } from '@roadwatch/contract/api/vocabulary.ts';
import type { Texts } from '../shared/texts/index.ts';
import type { Action } from './action.ts';
import { SHELVE_CHOICES, shelveUntil } from './choices.ts';
import type { Menu } from './desk-state.ts';
import { digit } from './keys.ts';
import { cannotJudge } from './objections.ts';

interface Choices {
  readonly title: (texts: Texts) => string;
  readonly choices: readonly Action[];
}

export const MENUS: Readonly<Record<Menu, Choices>> = {
  reject: {
    title: (texts) => texts.whyReject,
    choices: REJECT_REASONS.map((reason, index) => ({
      name: reason,
      keys: [digit(index + 1)],
      label: (texts) => texts.rejectReason[reason],
      whyNot: cannotJudge,
      does: (_, { now }) => ({ kind: 'judged', decision: { kind: 'reject', reason }, at: now }),
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
        at: now,
      }),
    })),
  },
};
