/** All texts by language. A key that a language lacks, or has in excess, does not compile. */
import { en } from './en.ts';
import { enField } from './en-field.ts';
import { zh } from './zh.ts';
import { zhField } from './zh-field.ts';

export type Language = 'en' | 'zh';
export type Texts = typeof en & typeof enField;

export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: { ...en, ...enField },
  zh: { ...zh, ...zhField },
};

/** A text by a name that came from elsewhere; the name itself when this console is older than the gateway. */
export function named(table: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(table, name) ? (table[name] as string) : name;
}
