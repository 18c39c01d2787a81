/** All texts by language. A key that a language lacks, or has in excess, does not compile. */
import type { BilingualText } from '@roadwatch/contract';
import {
  AGENT_TROUBLES,
  AUDIT_ACTIONS,
  CAMERA_CARES,
  CAMERA_FAULTS,
  MISSING_EVIDENCE,
  PROBLEM_TEXTS,
  SCENE_UNCLEAR,
  TICKET_STATE_TEXTS,
} from '@roadwatch/contract/codes';
import { en } from './en.ts';
import { enDesk } from './en-desk.ts';
import { enField } from './en-field.ts';
import { enFigures } from './en-figures.ts';
import { enMap } from './en-map.ts';
import { enTickets } from './en-tickets.ts';
import { zh } from './zh.ts';
import { zhDesk } from './zh-desk.ts';
import { zhField } from './zh-field.ts';
import { zhFigures } from './zh-figures.ts';
import { zhMap } from './zh-map.ts';
import { zhTickets } from './zh-tickets.ts';

export type Language = 'en' | 'zh';
/** The words of the contract in one language: why something is refused, what does not come or work, and what has been done. */
interface Vocabulary {
  readonly refusals: Readonly<Record<keyof typeof PROBLEM_TEXTS, string>>;
  readonly audit: Readonly<Record<keyof typeof AUDIT_ACTIONS, string>>;
  /** By what a box says; one that is newer may say others. */
  readonly missing: Readonly<Record<string, string>>;
  /** Why nobody can tell what stands at a scene, by what a box or the gateway says. */
  readonly sceneUnclear: Readonly<Record<string, string>>;
  readonly troubles: Readonly<Record<string, string>>;
  readonly cameraFaults: Readonly<Record<string, string>>;
  /** What a camera needs a maintainer for. */
  readonly cameraCares: Readonly<Record<string, string>>;
  readonly ticketState: Readonly<Record<keyof typeof TICKET_STATE_TEXTS, string>>;
}
export type Texts = typeof en &
  typeof enDesk &
  typeof enField &
  typeof enFigures &
  typeof enMap &
  typeof enTickets &
  Vocabulary;

export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: { ...en, ...enDesk, ...enField, ...enFigures, ...enMap, ...enTickets, ...vocabulary('en') },
  zh: { ...zh, ...zhDesk, ...zhField, ...zhFigures, ...zhMap, ...zhTickets, ...vocabulary('zh') },
};

function vocabulary(language: Language): Vocabulary {
  return {
    refusals: inOne(PROBLEM_TEXTS, language),
    audit: inOne(AUDIT_ACTIONS, language),
    missing: inOne(MISSING_EVIDENCE, language),
    sceneUnclear: inOne({ ...PROBLEM_TEXTS, ...SCENE_UNCLEAR }, language),
    troubles: inOne(AGENT_TROUBLES, language),
    cameraFaults: inOne(CAMERA_FAULTS, language),
    cameraCares: inOne(CAMERA_CARES, language),
    ticketState: inOne(TICKET_STATE_TEXTS, language),
  };
}

function inOne<Name extends string>(
  table: Readonly<Record<Name, BilingualText>>,
  language: Language,
): Readonly<Record<Name, string>> {
  const entries = Object.entries<BilingualText>(table).map(([name, text]) => [name, text[language]]);
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** A text by a name that came from elsewhere; the name itself when this console is older than the gateway. */
export function named(table: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(table, name) ? (table[name] as string) : name;
}
