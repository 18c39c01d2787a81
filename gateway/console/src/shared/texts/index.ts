/** All texts by language. A key that a language lacks, or has in excess, does not compile. */
import type { BilingualText } from '@roadwatch/contract';
import { AUDIT_ACTIONS, PROBLEM_TEXTS, TICKET_STATE_TEXTS } from '@roadwatch/contract/codes';
import { en } from './en.ts';
import { enField } from './en-field.ts';
import { zh } from './zh.ts';
import { zhField } from './zh-field.ts';

export type Language = 'en' | 'zh';
/** The words of the contract in one language: why something is refused, and what has been done. */
interface Vocabulary {
  readonly refusals: Readonly<Record<keyof typeof PROBLEM_TEXTS, string>>;
  readonly audit: Readonly<Record<keyof typeof AUDIT_ACTIONS, string>>;
  readonly ticketState: Readonly<Record<keyof typeof TICKET_STATE_TEXTS, string>>;
}
export type Texts = typeof en & typeof enField & Vocabulary;

export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: { ...en, ...enField, ...vocabulary('en') },
  zh: { ...zh, ...zhField, ...vocabulary('zh') },
};

function vocabulary(language: Language): Vocabulary {
  return {
    refusals: inOne(PROBLEM_TEXTS, language),
    audit: inOne(AUDIT_ACTIONS, language),
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
