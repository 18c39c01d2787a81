/** Whether this page is the one that the gateway has now, by the scripts and styles that it is made of. */
import { at } from './route/base.ts';

/** `mine` may have more: what was loaded later. */
export function isCurrent(mine: ReadonlySet<string>, theirs: Iterable<string>): boolean {
  return [...theirs].every((file) => mine.has(file));
}

/** Names of the files that a page is made of; of this one, before it has loaded more. */
export function filesOf(page: Document): ReadonlySet<string> {
  const addresses = [
    ...[...page.querySelectorAll('script[src]')].map((script) => script.getAttribute('src')),
    ...[...page.querySelectorAll('link[href]')].map((link) => link.getAttribute('href')),
  ];
  return new Set(addresses.map((address) => address?.split('/').at(-1) ?? ''));
}

/** Asks the gateway for the start page of the console. One that cannot be had says nothing about this one. */
export async function isOutdated(mine: ReadonlySet<string>): Promise<boolean> {
  const answer = await fetch(at('/'), { cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) return false;
  const theirs = filesOf(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  return theirs.size > 0 && !isCurrent(mine, theirs);
}
