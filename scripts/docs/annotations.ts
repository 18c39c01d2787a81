/**
 * What the annotated example files say of each key: the comment beside it, or else the prose above it. Keys that are
 * commented out count as keys; `- ` begins an entry of a list, whose keys have the path of the list.
 */

/** Path of every key that the example has, such as `cameras.url`, to its sentence; empty where it says nothing. */
export type Annotations = ReadonlyMap<string, string>;

const KEY = /^(\s*)(?:- )?(?:\{ )?([A-Za-z][A-Za-z0-9]*):(?:\s|$)(.*)$/;

/** @param isKey whether the schema has a key of this path: prose with a colon in it is none */
export function annotationsOf(example: string, isKey: (path: string) => boolean): Annotations {
  const found = new Map<string, string>();
  const open: { readonly indent: number; readonly key: string }[] = [];
  let prose: string[] = [];
  for (const line of example.split('\n')) {
    const isComment = /^\s*#/.test(line);
    const text = isComment ? line.replace(/^(\s*)# ?/, '$1') : line;
    const [, spaces = '', key = '', rest = ''] = KEY.exec(text) ?? [];
    const indent = spaces.length + (text.trimStart().startsWith('- ') ? 2 : 0);
    const above = open.filter((other) => other.indent < indent);
    const path = [...above.map((other) => other.key), key].join('.');
    if (key === '' || !isKey(path)) {
      prose = isComment ? [...prose, text.trim()] : [];
      continue;
    }
    open.splice(0, open.length, ...above, { indent, key });
    const [, beside] = /(?:^|\s)# ?(.*)$/.exec(rest) ?? [];
    const said = beside ?? prose.join(' ');
    if ((found.get(path) ?? '') === '') found.set(path, said.replace(/^# /, '').trim());
    prose = [];
  }
  return found;
}
