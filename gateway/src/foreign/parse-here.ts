/** JSON or XML within the limits of an answer, as a value. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { ANSWER, jsonTrouble, xmlTrouble } from './shape.ts';

export type Form = 'json' | 'xml';

const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'request' });

/** Null when it is not valid, or not within the limits. Of XML without its attributes. */
export function parseHere(text: string, form: Form): unknown {
  try {
    if (form === 'json') return jsonTrouble(text, ANSWER) === null ? JSON.parse(text) : null;
    if (xmlTrouble(text, ANSWER) !== null || XMLValidator.validate(text) !== true) return null;
    return parser.parse(text);
  } catch {
    return null;
  }
}
