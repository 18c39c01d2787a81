/** The two forms of every GeoReport v2 answer: JSON as it is, XML with the element names of the specification. */
import { XMLBuilder } from 'fast-xml-parser';

export type Format = 'json' | 'xml';

const builder = new XMLBuilder({ format: true, suppressEmptyNode: true });

export interface Answer {
  readonly type: string;
  readonly body: string;
}

/** A list is `<root><item>...`; anything else is `<root>...`. */
export function answer(format: Format, content: unknown, root: string, item = 'item'): Answer {
  if (format === 'json') return { type: 'application/json; charset=utf-8', body: JSON.stringify(content) };
  const inside = Array.isArray(content) ? { [item]: content } : content;
  const xml = builder.build({ [root]: Array.isArray(content) && content.length === 0 ? '' : inside });
  return { type: 'text/xml; charset=utf-8', body: `<?xml version="1.0" encoding="utf-8"?>\n${xml}` };
}

/** "Errors": a list of code and description, under the HTTP status. */
export function errors(format: Format, code: number, description: string): Answer {
  return answer(format, [{ code, description }], 'errors', 'error');
}
