/** Addresses in settings: what makes one unusable, and the login that may stand in one. */
import { type Credentials, Secret } from './secret.ts';

/**
 * What is wrong with an address, without the address; null when it can be used. A password with `#`, `?`, `/`, `@` or `%` in it
 * makes programs take a part of it for the host. `instead`: where the password belongs, as in `use the keys username and password`.
 */
export function addressProblem(address: string, instead: string): string | null {
  const rest = address.slice(address.indexOf('://') + 3);
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const at = authority.lastIndexOf('@');
  const login = authority.slice(0, Math.max(0, at));
  const cut = 'looks as if its password held one of # ? / @ %, which mean something else in an address';
  if (rest.lastIndexOf('@') > at || login.includes('@') || address.includes('#')) return `${cut}; ${instead}`;
  if (!isEncoded(login)) return `${cut}; ${instead}`;
  const url = URL.parse(address);
  if (url === null) return `is not a well-formed address${at < 0 ? '' : `; ${instead}`}`;
  if (url.hostname === '') return 'names no host';
  if (url.port === '0') return 'names port 0, at which nothing listens';
  return null;
}

/** The address without its login, and the login; a user without a password has an empty one. */
export function splitLogin(address: string): { readonly url: string; readonly login: Credentials | null } {
  const url = URL.parse(address);
  if (url === null || (url.username === '' && url.password === '')) return { url: address, login: null };
  const login = {
    username: decodeURIComponent(url.username),
    password: new Secret(decodeURIComponent(url.password)),
  };
  url.username = '';
  url.password = '';
  return { url: url.href, login };
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
