/**
 * YAML from a file that may be mistaken or hostile: bounded in size and depth before it is parsed, no key twice, no tags, no
 * alias that holds itself, and nothing of the file's text in what is said of it, since that may be a password.
 */
import {
  Composer,
  CST,
  type Document,
  isAlias,
  isCollection,
  isDocument,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type YAMLError,
} from 'yaml';

/** Text that is not YAML that can be used. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  /** One sentence for each, with the line. */
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

export interface YamlLimits {
  readonly maxBytes: number;
}

export interface Yaml {
  /** Plain values: no key or list is the same object as another. */
  readonly value: unknown;
  readonly document: Document.Parsed;
  /** In which line a field stands, or the nearest one that it would be in; null where that is the file itself. */
  lineOf(path: readonly (string | number)[]): number | null;
}

const DEFAULT_LIMITS: YamlLimits = { maxBytes: 1024 * 1024 };
const MAX_DEPTH = 32;
/** Of one mapping; the parser compares each key with all before it. */
const MAX_KEYS = 5_000;
/** Of all lists and mappings, with aliases counted as what they stand for. */
const MAX_VALUES = 1_000_000;
const MAX_ALIASES = 100;
/** After so many, what follows is rather more of the same mistake. */
const MAX_PROBLEMS = 20;

const QUOTES = 'put the value in quotes';
const SENTENCES: Partial<Record<YAMLError['code'], string>> = {
  ALIAS_PROPS: `a value cannot begin with * here; ${QUOTES}`,
  BAD_ALIAS: `a value that begins with * stands for another one, and there is none of this name; ${QUOTES}`,
  BAD_DQ_ESCAPE: 'a \\ in double quotes begins an escape; write it twice, or use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines before',
  BAD_SCALAR_START: `a value cannot begin with this character; ${QUOTES}`,
  BLOCK_AS_IMPLICIT_KEY: `a colon with a space makes a key of what is before it; ${QUOTES}`,
  DUPLICATE_KEY: 'this key is there already',
  MISSING_CHAR: 'a quote, a bracket, a comma or a colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; is a colon missing?',
  MULTIPLE_DOCS: 'a second document begins (---); expected one',
  TAB_AS_INDENT: 'lines are indented with spaces, not with tabs',
  TAG_RESOLVE_FAILED: `a value cannot begin with !; ${QUOTES}`,
};

/** Throws YamlError. */
export function parseYaml(text: string, { maxBytes }: YamlLimits = DEFAULT_LIMITS): Yaml {
  if (Buffer.byteLength(text) > maxBytes)
    throw new YamlError(`is larger than ${maxBytes} bytes, which is more than is read`);
  const nul = text.indexOf('\0');
  if (nul >= 0) throw new YamlError(`line ${text.slice(0, nul).split('\n').length}: holds a zero byte`);
  const lines = new LineCounter();
  const at = (offset: number): string => `line ${lines.linePos(offset).line}`;
  const tokens = tokensOf(text, lines);
  checkShape(tokens, at);
  const composer = new Composer({ schema: 'core', uniqueKeys: true, prettyErrors: false });
  const documents = [...composer.compose(tokens, true, text.length)].filter(isDocument);
  const [document, second] = documents as Document.Parsed[];
  if (document === undefined) throw new YamlError('is empty');
  const problems = syntaxProblems(documents as Document.Parsed[], at);
  if (second !== undefined) problems.push(`${at(second.range[0])}: ${SENTENCES.MULTIPLE_DOCS}`);
  problems.push(...aliasesOfNothing(document, at));
  if (problems.length > 0) throw new YamlError(...problems);
  return {
    value: plainValue(document),
    document,
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === null ? null : lines.linePos(offset).line;
    },
  };
}

/** Of each line the first, which causes the others. */
function syntaxProblems(documents: readonly Document.Parsed[], at: (offset: number) => string): string[] {
  const found = new Map<string, string>();
  const all = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  for (const { code, pos } of all.sort((a, b) => a.pos[0] - b.pos[0])) {
    const line = at(pos[0]);
    if (!found.has(line)) found.set(line, `${line}: ${SENTENCES[code] ?? 'not valid YAML'}`);
  }
  const problems = [...found.values()];
  const more = problems.length - MAX_PROBLEMS;
  return more <= 0 ? problems : [...problems.slice(0, MAX_PROBLEMS), `and ${more} more lines`];
}

/** A password may begin with a star. */
function aliasesOfNothing(document: Document.Parsed, at: (offset: number) => string): string[] {
  const found: string[] = [];
  const anchors = new Set<string>();
  visit(document, (_, node) => {
    if (isAlias(node) && !anchors.has(node.source))
      found.push(`${at(node.range?.[0] ?? 0)}: ${SENTENCES.BAD_ALIAS}`);
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.add(node.anchor);
  });
  return found.slice(0, MAX_PROBLEMS);
}

/** Where the key of a field begins, or the entry of a list; of a field that is not there, the one around it. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number | null {
  let node: unknown = document.contents;
  let offset: number | null = null;
  for (const part of path) {
    let key: unknown = null;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      [key, node] = [pair?.key, pair?.value];
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      key = node;
    }
    if (!isNode(key) || !key.range) break;
    [offset] = key.range;
  }
  return offset;
}

/** Brackets, and `- - -` on one line, are counted as they come: the parser's time grows with the square of their depth. */
function tokensOf(text: string, lines: LineCounter): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let [line, brackets, compact] = [1, 0, 0];
  for (const lexeme of new Lexer().lex(text)) {
    switch (CST.tokenType(lexeme)) {
      case 'newline':
        line++;
        compact = 0;
        break;
      case 'flow-map-start':
      case 'flow-seq-start':
        brackets++;
        break;
      case 'flow-map-end':
      case 'flow-seq-end':
        brackets--;
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
        compact++;
        break;
    }
    if (brackets > MAX_DEPTH || compact > MAX_DEPTH)
      throw new YamlError(`line ${line}: nested deeper than ${MAX_DEPTH}`);
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** The parser's own tree, walked without recursion: composing it is what recurses. */
function checkShape(tokens: readonly CST.Token[], at: (offset: number) => string): void {
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH)
      throw new YamlError(`${at('offset' in token ? token.offset : 0)}: nested deeper than ${MAX_DEPTH}`);
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth });
      continue;
    }
    if (!('items' in token)) continue;
    const keyed = token.type === 'block-map' || (token.type === 'flow-collection' && isMapping(token));
    if (keyed && token.items.length > MAX_KEYS)
      throw new YamlError(`${at(token.offset)}: a mapping of more than ${MAX_KEYS} keys`);
    for (const { key, value } of token.items as readonly CST.CollectionItem[]) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
}

function isMapping({ start }: CST.FlowCollection): boolean {
  return start.type === 'flow-map-start';
}

function plainValue(document: Document.Parsed): unknown {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new YamlError(`more than ${MAX_ALIASES} values by way of aliases (*)`);
  }
  let values = 0;
  const copy = (node: unknown, depth: number): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (depth > MAX_DEPTH)
      throw new YamlError(`an alias (*) holds itself, or is nested deeper than ${MAX_DEPTH}`);
    const entries = Object.entries(node);
    values += entries.length;
    if (values > MAX_VALUES) throw new YamlError(`more than ${MAX_VALUES} values`);
    if (Array.isArray(node)) return node.map((entry) => copy(entry, depth + 1));
    return Object.fromEntries(entries.map(([key, entry]) => [key, copy(entry, depth + 1)]));
  };
  return copy(value, 0);
}
