/** How a visit to the identity provider has ended, as the gateway says it in the address when it sends the browser back. */
const TROUBLES = ['refused', 'failed', 'unreachable'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Null when the browser has not been there. Takes it out of the address, so that it is not said again. */
export function takeSignIn(): 'done' | Trouble | null {
  const url = new URL(location.href);
  const ended = url.searchParams.get('sign-in');
  if (ended === null) return null;
  url.searchParams.delete('sign-in');
  history.replaceState(null, '', url);
  return ended === 'done' ? 'done' : (TROUBLES.find((trouble) => trouble === ended) ?? 'failed');
}
