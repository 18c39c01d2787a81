/** A text for `like ... escape '\\'`, in which it means itself, whatever means something to `like` in it. */
export function likeText(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
