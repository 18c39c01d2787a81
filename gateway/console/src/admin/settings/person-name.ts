/** Who made a version, as people call them. */
import type { AdminTexts } from '../texts/en.ts';

export function personName(author: string, texts: AdminTexts): string {
  return author === 'system' ? texts.bySystem : author.replace(/^user:/, '');
}
