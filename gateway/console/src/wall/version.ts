/** Whether this page is the one that the gateway has now, by the scripts and styles that it is made of. */

/** `mine` may have more: what was loaded later. */
export function isCurrent(mine: ReadonlySet<string>, theirs: readonly string[]): boolean {
  return theirs.every((file) => mine.has(file));
}

/** Names of the files that this page was made of when it was opened. */
export function ownFiles(): ReadonlySet<string> {
  const addresses = [
    ...[...document.querySelectorAll('script[src]')].map((script) => script.getAttribute('src')),
    ...[...document.querySelectorAll('link[href]')].map((link) => link.getAttribute('href')),
  ];
  return new Set(addresses.map((address) => address?.split('/').at(-1) ?? ''));
}

/** Once the new page can be had: a browser that cannot load it would stand on its own error page for good. */
export async function reloadWhenThere(): Promise<void> {
  const answer = await fetch(location.href, { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) location.reload();
}
