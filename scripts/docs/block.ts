/** Blocks of a document that are written by a program, between two comments that a reader does not see. */

/**
 * The text with what stands between `<!-- NAME: npm run docs -->` and `<!-- end of NAME -->` written anew.
 * @throws Error that names the block when the text has none
 */
export function withBlock(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: npm run docs -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no block from ${begin} to ${end}`);
  return `${text.slice(0, from)}${begin}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
