/** The address under which people reach the gateway, `http.publicUrl`; it may have a path, as behind a proxy that serves more. */
const PATH = /^(\/[A-Za-z0-9._~-]+)*\/?$/;

/** What is wrong with it; null when it can be used. */
export function publicUrlProblem(publicUrl: string | undefined): string | null {
  if (publicUrl === undefined) return null;
  const at = 'http.publicUrl:';
  const url = URL.parse(publicUrl);
  if (url === null) return `${at} is no address; expected one such as https://roadwatch.example.org`;
  if (url.username !== '' || url.password !== '')
    return `${at} must hold no user name or password; it is shown to people`;
  if (url.search !== '' || url.hash !== '') return `${at} must end with the path, without ? or #`;
  if (!PATH.test(url.pathname) || /\/\.{1,2}(\/|$)/.test(url.pathname))
    return `${at} a path may have letters, digits, ., _, ~ and - between its slashes, such as https://city.example.org/roadwatch`;
  return null;
}

/** Its path without a slash at the end: empty, or such as `/roadwatch`. */
export function basePath({ publicUrl }: { readonly publicUrl?: string | undefined }): string {
  return publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/** An absolute address; `path` begins with a slash. Undefined when nobody has said where the gateway is reached. */
export function addressOf(
  { publicUrl }: { readonly publicUrl?: string | undefined },
  path: string,
): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}${path}`;
}
