/** The README of a workspace as it stands on npm: commands as they are typed there, and nothing that only a checkout has. */
import type { Library } from './libraries.ts';

const CHECKOUT_ONLY = /<!-- checkout only -->[\s\S]*?<!-- \/checkout only -->\n*/g;
/** Links to files of the checkout. */
const LINK = /\[([^\]]+)\]\((?!https?:)[^)]+\)/g;

export function packageReadme(text: string, { commands }: Library): string {
  const [command] = Object.keys(commands);
  const shown = text.replace(CHECKOUT_ONLY, '').replace(LINK, '$1');
  return command === undefined ? shown : shown.replaceAll(/npm run simulate( --)?/g, `npx ${command}`);
}
