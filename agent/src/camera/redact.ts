/** Text, such as an address or a line of ffmpeg's log, as it may be shown: without the user info of addresses. */
export function redactText(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#'"]*@/gi, '$1');
}
