/**
 * How large and how deep an answer of somebody else's server may be, looked at in one pass before any parser sees it: parsers build
 * first and ask later, and a few megabytes of attributes or brackets cost seconds and hundreds of megabytes.
 */
export interface Limits {
  /** Elements inside elements, or arrays and objects inside each other. */
  readonly depth: number;
  /** Elements, or values. */
  readonly nodes: number;
  /** XML: of all elements together. */
  readonly attributes: number;
  /** XML: `&amp;` and the like. */
  readonly references: number;
}

/** What a list of a thousand requests stays well below. */
export const ANSWER: Limits = { depth: 16, nodes: 60_000, attributes: 5_000, references: 100_000 };

/** Null when the text is within the limits, else one sentence. Whether it is valid JSON the parser says. */
export function jsonTrouble(text: string, limits: Limits): string | null {
  let depth = 0;
  let nodes = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
      continue;
    }
    switch (code) {
      case QUOTE:
        inString = true;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        nodes++;
        if (++depth > limits.depth) return `is nested more than ${limits.depth} deep`;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
      case COMMA:
        nodes++;
        break;
    }
    if (nodes > limits.nodes) return `has more than ${limits.nodes} values`;
  }
  return null;
}

const [QUOTE, BACKSLASH, COMMA, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = Array.from(
  '"\\,[]{}',
  (letter) => letter.charCodeAt(0),
);

/**
 * As `jsonTrouble`. A document type is refused outright: it may bring entities that grow without end, and no answer has one. So is
 * any processing instruction but the declaration in front.
 */
export function xmlTrouble(text: string, limits: Limits): string | null {
  const count = { depth: 0, nodes: 0, attributes: 0, references: 0 };
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const rest = text.slice(at, at + 9);
    if (rest.startsWith('<!--')) at = after(text, '-->', at + 4);
    else if (rest === '<![CDATA[') at = after(text, ']]>', at + 9);
    else if (/^<\?xml\s/.test(rest) && text.slice(0, at).trim() === '') at = after(text, '?>', at);
    else if (rest.startsWith('<!') || rest.startsWith('<?'))
      return 'has a document type or a processing instruction, which no answer needs';
    else {
      const tag = tagAt(text, at);
      count.attributes += tag.attributes;
      if (tag.kind === 'end') count.depth--;
      else {
        count.nodes++;
        const depth = count.depth + 1;
        if (tag.kind === 'start') count.depth = depth;
        if (depth > limits.depth) return `is nested more than ${limits.depth} deep`;
      }
      at = tag.end;
    }
    if (count.nodes > limits.nodes) return `has more than ${limits.nodes} elements`;
    if (count.attributes > limits.attributes) return `has more than ${limits.attributes} attributes`;
  }
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1))
    if (++count.references > limits.references) return `has more than ${limits.references} references`;
  return null;
}

/** Behind the next `mark`; behind the text when there is none. */
function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

/** A tag ends at the first `>` outside quotes; each `=` outside quotes is an attribute (XML 1.0, 3.1). */
function tagAt(text: string, start: number) {
  let attributes = 0;
  let quote = 0;
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === QUOTE || code === APOSTROPHE) quote = code;
    else if (code === EQUALS) attributes++;
    else if (code === GREATER) break;
  }
  const kind =
    text.charCodeAt(start + 1) === SLASH ? 'end' : text.charCodeAt(at - 1) === SLASH ? 'empty' : 'start';
  return { kind, attributes, end: at + 1 } as const;
}

const [APOSTROPHE, EQUALS, GREATER, SLASH] = Array.from("'=>/", (letter) => letter.charCodeAt(0));
