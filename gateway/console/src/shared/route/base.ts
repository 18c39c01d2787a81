/** Under which path the gateway is reached, as its start page says in `<base>`; empty at the root of a host. */
function base(): string {
  return new URL(document.baseURI).pathname.replace(/\/$/, '');
}

/** An address of the gateway, such as `/tickets`, as this browser has to ask for it. */
export function at(path: string): string {
  return `${base()}${path}`;
}

/** The other way round: what the address bar holds, as the gateway knows it. */
export function withoutBase(path: string): string {
  return path.startsWith(`${base()}/`) ? path.slice(base().length) : path;
}
