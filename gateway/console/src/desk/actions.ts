/** Every action of the desk. The keyboard, the list of keys and all buttons read it here. */
import { mayJudge } from '../shared/person.ts';
import type { Action } from './action.ts';
import { type DeskState, isGone } from './desk-state.ts';
import { DOWN, ENTER, ESCAPE, F1, letter, numpad, QUESTION_MARK, UP } from './keys.ts';
import { MENUS } from './menus.ts';
import { cannotDecide, cannotJudge, cannotLook } from './objections.ts';
import { latestStanding, whyNotUndo } from './verdict-list.ts';

export const CONFIRM: Action = {
  name: 'confirm',
  keys: [ENTER],
  label: ({ actions }, state) => (isGone(state) ? actions.goOn : actions.confirm),
  explanation: ({ keys }) => keys.confirm,
  variant: 'primary',
  whyNot: (state) => {
    // Enter must not dispatch what the operator is about to reject.
    if (state.menu !== null) return { why: 'menuOpen' };
    return isGone(state) ? null : cannotJudge(state);
  },
  does: (state) => (isGone(state) ? { kind: 'went_on' } : { kind: 'judged', decision: { kind: 'confirm' } }),
};

export const REJECT: Action = {
  name: 'reject',
  keys: [letter('N'), numpad('−', 'Subtract')],
  label: ({ actions }) => actions.reject,
  explanation: ({ keys }) => keys.reject,
  variant: 'danger',
  opens: 'reject',
  whyNot: cannotDecide,
  does: () => ({ kind: 'menu_opened', menu: 'reject' }),
};

export const SHELVE: Action = {
  name: 'shelve',
  keys: [letter('S'), numpad('+', 'Add')],
  label: ({ actions }) => actions.shelve,
  explanation: ({ keys }) => keys.shelve,
  opens: 'shelve',
  whyNot: cannotDecide,
  does: () => ({ kind: 'menu_opened', menu: 'shelve' }),
};

export const BATCH: Action = {
  name: 'batch',
  keys: [letter('B')],
  label: ({ actions }) => actions.batch,
  explanation: ({ keys }) => keys.batch,
  variant: 'quiet',
  opens: 'batch',
  whyNot: (state) => (mayJudge(state.user) ? cannotLook(state) : { why: 'readOnly' }),
  does: () => ({ kind: 'batch_asked' }),
};

export const UNDO: Action = {
  name: 'undo',
  keys: [letter('U'), numpad('.', 'Decimal')],
  label: ({ actions }) => actions.undo,
  explanation: ({ keys }) => keys.undo,
  whyNot: ({ verdicts }, now) => {
    const latest = latestStanding(verdicts);
    return latest === null ? { why: 'nothingToUndo' } : whyNotUndo(latest, verdicts, now);
  },
  does: () => ({ kind: 'undo_asked', key: null }),
};

export const NEXT: Action = {
  name: 'next',
  keys: [letter('J'), DOWN, numpad('2', '2')],
  label: ({ actions }) => actions.next,
  explanation: ({ keys }) => keys.next,
  variant: 'quiet',
  repeats: true,
  whyNot: cannotLook,
  does: () => ({ kind: 'stepped', by: 1 }),
};

export const PREVIOUS: Action = {
  name: 'previous',
  keys: [letter('K'), UP, numpad('8', '8')],
  label: ({ actions }) => actions.previous,
  explanation: ({ keys }) => keys.previous,
  variant: 'quiet',
  repeats: true,
  whyNot: cannotLook,
  does: () => ({ kind: 'stepped', by: -1 }),
};

export const MERGE: Action = {
  name: 'merge',
  keys: [letter('M')],
  label: ({ merge }) => merge,
  explanation: ({ keys }) => keys.merge,
  opens: 'merge',
  whyNot: (state) => cannotDecide(state) ?? (state.neighbours.length === 0 ? { why: 'noNeighbour' } : null),
  does: () => ({ kind: 'menu_opened', menu: 'merge' }),
};

export const BOX: Action = {
  name: 'overlay',
  keys: [letter('O'), numpad('*', 'Multiply')],
  label: ({ actions }) => actions.overlay,
  explanation: ({ keys }) => keys.overlay,
  isOn: ({ view }) => view.withBox,
  whyNot: cannotLook,
  does: ({ view }) => ({ kind: 'viewed', set: { withBox: !view.withBox } }),
};

export const ZOOM: Action = {
  name: 'zoom',
  keys: [letter('Z'), numpad('/', 'Divide')],
  label: ({ actions }) => actions.zoom,
  explanation: ({ keys }) => keys.zoom,
  isOn: ({ view }) => view.zoomed,
  whyNot: cannotLook,
  does: ({ view }) => ({ kind: 'viewed', set: { zoomed: !view.zoomed } }),
};

export const CLIP: Action = {
  name: 'clip',
  keys: [letter('V')],
  label: ({ actions }) => actions.clip,
  explanation: ({ keys }) => keys.clip,
  isOn: ({ view }) => view.shows === 'clip',
  whyNot: cannotLook,
  does: ({ view }) => ({ kind: 'viewed', set: { shows: view.shows === 'clip' ? 'still' : 'clip' } }),
};

export const LIVE: Action = {
  name: 'live',
  keys: [letter('L')],
  label: ({ actions }) => actions.live,
  explanation: ({ keys }) => keys.live,
  isOn: ({ view }) => view.shows === 'live',
  // Where a person reported it, there is no camera.
  whyNot: (state) => cannotLook(state) ?? (state.current?.report == null ? null : { why: 'noCamera' }),
  does: ({ view }) => ({ kind: 'viewed', set: { shows: view.shows === 'live' ? 'still' : 'live' } }),
};

export const EARLIER: Action = {
  name: 'earlier',
  keys: [letter('E')],
  label: ({ actions }) => actions.earlier,
  explanation: ({ keys }) => keys.earlier,
  isOn: ({ view }) => view.earlier !== null,
  whyNot: (state) => cannotLook(state) ?? (state.earlier.length === 0 ? { why: 'nothingEarlier' } : null),
  // One after the other, and then the present one again.
  does: ({ view, earlier }) => {
    const shown = earlier.findIndex(({ id }) => id === view.earlier);
    return { kind: 'viewed', set: { shows: 'still', earlier: earlier[shown + 1]?.id ?? null } };
  },
};

export const FIND: Action = {
  name: 'find',
  keys: [letter('F')],
  label: ({ actions }) => actions.find,
  explanation: ({ keys }) => keys.find,
  variant: 'quiet',
  isOn: ({ finding }) => finding,
  whyNot: () => null,
  does: ({ finding }) => ({ kind: 'finding_turned', open: !finding }),
};

export const SHOW_ALL: Action = {
  name: 'show-all',
  keys: [letter('A')],
  label: ({ actions }) => actions.showAll,
  explanation: ({ keys }) => keys.showAll,
  whyNot: ({ filter }) => (filter.search === '' ? { why: 'noFilter' } : null),
  does: () => ({ kind: 'filter_cleared' }),
};

export const CLOSE: Action = {
  name: 'close',
  keys: [ESCAPE],
  label: ({ cancel }) => cancel,
  explanation: ({ keys }) => keys.cancel,
  variant: 'quiet',
  whyNot: cannotLook,
  does: () => ({ kind: 'closed' }),
};

export const HELP: Action = {
  name: 'help',
  keys: [QUESTION_MARK, F1],
  label: ({ actions }) => actions.help,
  explanation: ({ keys }) => keys.help,
  variant: 'quiet',
  whyNot: () => null,
  does: () => ({ kind: 'help_turned', open: true }),
};

/** In the order of the list of keys. */
export const ACTIONS: readonly Action[] = [
  CONFIRM,
  REJECT,
  SHELVE,
  BATCH,
  UNDO,
  NEXT,
  PREVIOUS,
  MERGE,
  BOX,
  ZOOM,
  CLIP,
  LIVE,
  EARLIER,
  FIND,
  SHOW_ALL,
  CLOSE,
  HELP,
];

/** What the keys do as the desk stands: digits choose first. */
export function actionsOf({ menu }: DeskState): readonly Action[] {
  return menu === null ? ACTIONS : [...MENUS[menu].choices, ...ACTIONS];
}
