/**
 * XML as devices send it, which may be anything: bounded in length and depth, without document types and entities of its own (ONVIF
 * needs neither; SOAP 1.2 Part 1, 5 forbids the first). Prefixes are left out, since every maker has others.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { OnvifError } from './onvif-error.ts';

export type XmlNode = Readonly<Record<string, unknown>>;

export const MAX_XML_BYTES = 256 * 1024;
const MAX_DEPTH = 40;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  // With HTML's names come characters by their numbers (XML 1.0, 4.1): an address may have its & as &#38;.
  htmlEntities: true,
  maxNestedTags: MAX_DEPTH,
});

/** The root element in an object. Throws OnvifError. */
export function parseXml(text: string): XmlNode {
  if (text.length > MAX_XML_BYTES) throw new OnvifError('too_long');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new OnvifError('hostile_xml');
  try {
    if (XMLValidator.validate(text) === true) {
      const root: unknown = parser.parse(text);
      if (isNode(root)) return root;
    }
  } catch {
    // Too deep, or not XML: told below.
  }
  throw new OnvifError('not_onvif');
}

/** Elements by their path; a step that is not there ends it. Where several have one name, all are gone through. */
export function nodesAt(root: unknown, ...path: readonly string[]): readonly XmlNode[] {
  // An element with nothing in it, and one with a text only, come as texts.
  return allAt(root, path).map((node) => (isNode(node) ? node : { '#text': node }));
}

/** The text of the first element at a path; null where it is not there or empty. */
export function textAt(root: unknown, ...path: readonly string[]): string | null {
  for (const found of allAt(root, path)) {
    const text = isNode(found) ? found['#text'] : found;
    if (typeof text === 'string' && text.trim() !== '') return text.trim();
  }
  return null;
}

/** For a text between tags, or in an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function allAt(root: unknown, path: readonly string[]): readonly unknown[] {
  return path.reduce<readonly unknown[]>(
    (nodes, name) =>
      nodes.flatMap((node) => {
        const child = isNode(node) && Object.hasOwn(node, name) ? node[name] : undefined;
        return child === undefined ? [] : Array.isArray(child) ? child : [child];
      }),
    [root],
  );
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
