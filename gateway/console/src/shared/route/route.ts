/** Addresses of the pages, so that they can be linked, reloaded and gone back to. */
import { useEffect, useState } from 'preact/hooks';
import { withoutBase } from './base.ts';

export type Route =
  | { readonly page: 'verdicts' | 'tickets' | 'map' | 'agents' | 'account' }
  | { readonly page: 'agent'; readonly site: string; readonly agent: string }
  /** `alert`: what is to be at hand; null: what comes next. */
  | { readonly page: 'desk'; readonly alert: string | null }
  /** `part`: of administration; null: the first. */
  | { readonly page: 'admin'; readonly part: string | null }
  /** `scene`: with the camera's live view. */
  | { readonly page: 'ticket'; readonly id: string; readonly scene: boolean }
  /** `month`: of the monthly report, as 2026-11; null: the figures of the period that the address asks for. */
  | { readonly page: 'figures'; readonly month: string | null }
  /** `live`: SITE/AGENT/CAMERA whose live view is open. */
  | { readonly page: 'cameras'; readonly live: string | null }
  | { readonly page: 'camera'; readonly site: string; readonly agent: string; readonly camera: string };

export function routeOf(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  switch (parts[0]) {
    case 'tickets':
      return parts[1] ? { page: 'ticket', id: parts[1], scene: parts[2] === 'scene' } : { page: 'tickets' };
    case 'cameras':
      return cameraRoute(parts.slice(1));
    case 'figures':
      return { page: 'figures', month: parts[1] === 'report' ? (parts[2] ?? '') : null };
    case 'admin':
      return { page: 'admin', part: parts[1] ?? null };
    // As it was called before there was more to administer.
    case 'tokens':
      return { page: 'admin', part: 'tokens' };
    case 'agents':
      return parts[1] && parts[2] ? { page: 'agent', site: parts[1], agent: parts[2] } : { page: 'agents' };
    case 'map':
    case 'verdicts':
    case 'account':
      return { page: parts[0] };
    case 'alerts':
      return { page: 'desk', alert: parts[1] ?? null };
    default:
      return { page: 'desk', alert: null };
  }
}

function cameraRoute([site, agent, camera, live]: readonly string[]): Route {
  if (site === undefined || agent === undefined || camera === undefined)
    return { page: 'cameras', live: null };
  return live === 'live'
    ? { page: 'cameras', live: `${site}/${agent}/${camera}` }
    : { page: 'camera', site, agent, camera };
}

interface Guard {
  readonly href: string;
  readonly pathname: string;
  readonly ask: () => boolean;
}
let guard: Guard | null = null;

/** Until the returned function is called, another page is shown only if `ask` says so: by a link, or by the browser's way back. */
export function askBeforeLeaving(ask: () => boolean): () => void {
  const own: Guard = { href: location.href, pathname: location.pathname, ask };
  guard = own;
  return () => {
    if (guard === own) guard = null;
  };
}

export function navigate(path: string): void {
  if (guard !== null && !guard.ask()) return;
  history.pushState(null, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** For links: a plain click stays in the page, anything else does what browsers do. */
export function follow(event: MouseEvent): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { pathname, search } = event.currentTarget as HTMLAnchorElement;
  navigate(pathname + search);
}

/** Another address for the same page, without an entry in the browser's history. */
export function replacePath(path: string): void {
  history.replaceState(null, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** What stands behind the path: which part of a list is shown. Without an entry in the browser's history. */
export function replaceSearch(search: string): void {
  history.replaceState(null, '', location.pathname + search);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

const here = (): string => withoutBase(location.pathname);

export function usePath(): string {
  return useAddress(here);
}

/** `?…`, or empty. */
export function useSearch(): string {
  return useAddress(searchHere);
}

const searchHere = (): string => location.search;

/** Whoever shows what the address says. */
const readers = new Set<() => void>();

function onAddress({ isTrusted }: PopStateEvent): void {
  // The browser has gone back already: its address is put where it was.
  if (isTrusted && guard !== null && guard.pathname !== location.pathname && !guard.ask())
    history.pushState(null, '', guard.href);
  else for (const read of readers) read();
}

function useAddress(part: () => string): string {
  const [value, setValue] = useState(part);
  useEffect(() => {
    const read = (): void => setValue(part());
    if (readers.size === 0) window.addEventListener('popstate', onAddress);
    readers.add(read);
    return () => {
      readers.delete(read);
      if (readers.size === 0) window.removeEventListener('popstate', onAddress);
    };
  }, [part]);
  return value;
}
