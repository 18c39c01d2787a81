/** The two forms of every GeoReport v2 answer: JSON as it is, XML with the element names of the specification. */
import { XMLBuilder } from 'fast-xml-parser';

export type Format = 'json' | 'xml';

const builder = new XMLBuilder({ format: true, suppressEmptyNode: true });
/** What XML 1.0 (2.2) cannot hold, not even escaped. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

export interface Answer {
  readonly type: string;
  readonly body: string;
}

/** A list is `<root><item>...`, inside it `<attributes><attribute>...`; anything else is `<root>...`. */
export function answer(format: Format, content: unknown, root: string, item = 'item'): Answer {
  if (format === 'json') return { type: 'application/json; charset=utf-8', body: JSON.stringify(content) };
  const xml = builder.build({ [root]: forXml(content, item) });
  return { type: 'text/xml; charset=utf-8', body: `<?xml version="1.0" encoding="utf-8"?>\n${xml}` };
}

/** "Errors": a list of code and description, under the HTTP status. */
export function errors(format: Format, code: number, description: string): Answer {
  return answer(format, [{ code, description }], 'errors', 'error');
}

function forXml(value: unknown, item: string): unknown {
  if (typeof value === 'string') return value.replace(NOT_XML, '\ufffd');
  if (Array.isArray(value)) return value.length === 0 ? '' : { [item]: value.map((one) => forXml(one, '')) };
  if (typeof value !== 'object' || value === null) return value ?? '';
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, forXml(inner, name.replace(/s$/, ''))]),
  );
}
